namespace LoraCollab.Data.Corpus.Generated;

/// <summary>A kind of text: its grammar, and the categories that occur in it.</summary>
/// <param name="Name">The corpus' name.</param>
/// <param name="AllCategories">Every category of the grammar file, the default ones first.</param>
/// <param name="DefaultCategories">How many take part if nothing else is asked for.</param>
/// <param name="GrammarText">The grammar file's text, whose start is the rule "document".</param>
/// <param name="Order">How the family's categories are dealt to clients.</param>
internal sealed record Family(string Name, IReadOnlyList<string> AllCategories, int DefaultCategories, string GrammarText, ClientOrder Order)
{
    public static Family News { get; } =
        new("news", ["World", "Sports", "Business", "Sci/Tech", "Health", "Culture", "Travel", "Weather"], 4, Resource("news"), ClientOrder.Neighbours);

    public static Family Languages { get; } = new("languages", ["French", "Italian", "German"], 3, Resource("languages"), ClientOrder.Turns);

    public static Family Code { get; } = new("code", ["Java", "English"], 2, Resource("code"), ClientOrder.Turns);

    public static IReadOnlyList<Family> All { get; } = [News, Languages, Code];

    /// <summary>The grammar of this family's documents in one world, for all of <see cref="AllCategories"/>.</summary>
    public Node Grammar(ulong seed, double conflict) =>
        new World(GrammarFile.Parse(GrammarText), AllCategories, new CounterRandom(seed, RandomPurpose.GeneratedWorld), conflict).Build("document");

    /// <summary>The grammar file of that name in the folder Families, which the program carries.</summary>
    private static string Resource(string name)
    {
        using var stream = typeof(Family).Assembly.GetManifestResourceStream(name + ".grammar")
            ?? throw new InvalidOperationException($"the grammar of {name} is not in the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
