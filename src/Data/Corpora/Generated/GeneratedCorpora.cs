using LoraCollab.Data.Generated.Families;

namespace LoraCollab.Data.Generated;

/// <summary>The corpora that come with the program: nothing has to be downloaded, and what they plant is known.</summary>
public static class GeneratedCorpora
{
    /// <summary>Names of the corpora that <see cref="Open"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Family.All.Select(f => f.Name)];

    /// <summary>News items in English on World, Sports, Business and Sci/Tech, up to eight topics by <see cref="WorldOptions.Categories"/>.</summary>
    public static GeneratedCorpus News(WorldOptions options) => new(Family.News, options);

    /// <summary>A traveller's notebook in French, Italian and German.</summary>
    public static GeneratedCorpus Languages(WorldOptions options) => new(Family.Languages, options);

    /// <summary>Java classes, and encyclopaedic English prose about computing.</summary>
    public static GeneratedCorpus Code(WorldOptions options) => new(Family.Code, options);

    /// <summary>The corpus of that name, one of <see cref="Names"/>.</summary>
    public static GeneratedCorpus Open(string name, WorldOptions options) =>
        Family.All.FirstOrDefault(f => f.Name == name) is { } family
            ? new GeneratedCorpus(family, options)
            : throw new UserException($"there is no embedded corpus '{name}': choose one of {string.Join(", ", Names)}");

    /// <summary>Text of all families in random categories and another world, to pretrain a model that then meets worlds it does not know. About 250 bytes a document.</summary>
    public static ICorpus PretrainingMixture(ulong seed = 1, int documents = 40_000) => new PretrainingMixture(seed, documents);
}
