namespace LoraCollab.Data.Corpus.Generated;

/// <summary>
/// A corpus written by a grammar that comes with the program: its categories share sentences and frames, and continue the frames differently
/// (<see cref="WorldOptions"/>). Everything is a function of the options; the n-th document of a category depends on the seeds, the category and n alone.
/// Categories take turns.
/// </summary>
public sealed class GeneratedCorpus : ICorpus
{
    private readonly Node _grammar;
    private readonly CounterRandom _random;
    private readonly int _count;
    private readonly Lazy<DocumentCorpus> _written;

    // The corpus' categories as indices into those of the family.
    private readonly int[] _ids;

    internal GeneratedCorpus(Family family, WorldOptions options)
    {
        if (!(options.Conflict is >= 0 and <= 1)) throw Bad(family, "conflict must be 0 to 1", options.Conflict);
        if (options.DocumentsPerCategory is < 1 or > 1_000_000) throw Bad(family, "documents per category must be 1 to 1000000", options.DocumentsPerCategory);
        Name = family.Name;
        Order = family.Order;
        Categories = options.Categories ?? [.. family.AllCategories.Take(family.DefaultCategories)];
        _ids = Identify(family, Categories);
        Options = options;
        _grammar = family.Grammar(options.Seed, options.Conflict);
        _random = new CounterRandom(options.DocumentSeed, RandomPurpose.GeneratedDocuments);
        _count = Categories.Count * options.DocumentsPerCategory;
        _written = new(() => new DocumentCorpus(
            Name, Categories, [.. Enumerable.Range(0, _count).Select(i => new Document(Write(i).Text, i % _ids.Length))], Order));
    }

    public string Name { get; }

    public IReadOnlyList<string> Categories { get; }

    public IReadOnlyList<Document> Documents => _written.Value.Documents;

    public string Hash => _written.Value.Hash;

    public ClientOrder Order { get; }

    public WorldOptions Options { get; }

    /// <summary>
    /// The least loss that a model of these documents can expect. They must be of this world, from this corpus or from one with another document seed.
    /// A document that was cut short, as the last of a token budget is, counts as the beginning of one.
    /// </summary>
    public CorpusFloor Floor(IEnumerable<Document> documents)
    {
        double known = 0, unknown = 0;
        foreach (var document in documents)
        {
            var logs = new double[Categories.Count];
            for (int c = 0; c < logs.Length; c++) logs[c] = LogProbability(document.Text, c);
            if (logs.All(double.IsNegativeInfinity))
                for (int c = 0; c < logs.Length; c++) logs[c] = Reader.LogProbabilityOfBeginning(_grammar, document.Text, _ids[c]);
            known -= logs[document.Category];
            unknown -= logs.Aggregate(Reader.LogAdd) - Math.Log(logs.Length);
        }
        return double.IsFinite(known)
            ? new CorpusFloor(known, unknown)
            : throw new ArgumentException($"the floor of {Name} is known for documents of its own world only", nameof(documents));
    }

    /// <summary>
    /// The floor of a split of this corpus in nats per token: its documents, each ended by the tokenizer's end of text, the last ones cut by the token budget.
    /// </summary>
    public CorpusFloor FloorPerToken(ReadOnlySpan<int> ids, ITokenizer tokenizer) => TokenFloor.Of(this, ids, tokenizer);

    /// <summary>log p(text | category) of a whole document, in nats; −∞ where that category cannot write it.</summary>
    public double LogProbability(string text, int category) => Reader.LogProbability(_grammar, text, _ids[category]);

    /// <summary>Document i with the part of every piece.</summary>
    internal WrittenText Write(int document)
    {
        int id = _ids[document % _ids.Length];
        return Writer.Write(_grammar, id, new Draws(_random.At(id).At(document / _ids.Length)));
    }

    private static int[] Identify(Family family, IReadOnlyList<string> categories)
    {
        var known = family.AllCategories.ToList();
        if (categories.Count == 0) throw Bad(family, $"expected some of the categories {string.Join(", ", known)}", "none");
        foreach (string category in categories)
            if (!known.Contains(category) || categories.Count(c => c == category) > 1)
                throw Bad(family, $"expected some of the categories {string.Join(", ", known)}, each once", $"'{category}'");
        return [.. categories.Select(c => known.IndexOf(c))];
    }

    private static UserException Bad(Family family, string expected, object found) =>
        new(FormattableString.Invariant($"{family.Name}: {expected}; found {found}"));
}
