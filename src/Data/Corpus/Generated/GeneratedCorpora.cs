namespace LoraCollab.Data.Corpus.Generated;

/// <summary>The corpora that come with the program: nothing has to be downloaded, and what they plant is known.</summary>
public static class GeneratedCorpora
{
    /// <summary>Entries of the registry of corpora; worlds and documents follow the seed of the data.</summary>
    internal static IReadOnlyList<CorpusFormat> Formats { get; } =
    [
        Format(Family.News, "short news items in English on World, Sports, Business and Sci/Tech (on request also Health, Culture, Travel and Weather)"),
        Format(Family.Languages, "a traveller's notebook in French, Italian and German"),
        Format(Family.Code, "Java classes, and English prose about computing"),
        CorpusFormat.Embedded("mixture", "text of all three in other worlds, to pretrain on",
            o => PretrainingMixture(o.Seed, o.DocumentsPerCategory is { } n ? 13 * n : MixtureDocuments)),
    ];

    private const int MixtureDocuments = 40_000;

    /// <summary>
    /// Text of all families in random categories and in other worlds, to pretrain a model that then meets worlds it does not know. About 250 characters a
    /// document.
    /// </summary>
    public static ICorpus PretrainingMixture(ulong seed = 1, int documents = MixtureDocuments) => documents < 1
        ? throw new UserException(FormattableString.Invariant($"mixture: expected at least one document; found {documents}"))
        : Generated.PretrainingMixture.Write(seed, documents);

    private static CorpusFormat Format(Family family, string description) => CorpusFormat.Embedded(family.Name, description, options =>
    {
        var world = new WorldOptions { Seed = options.Seed, DocumentSeed = options.Seed, Conflict = options.Conflict, Categories = options.Categories };
        return new GeneratedCorpus(family, options.DocumentsPerCategory is { } n ? world with { DocumentsPerCategory = n } : world);
    });
}
