using LoraCollab.Data.Generated.Families;
using LoraCollab.Data.Generated.Grammar;

namespace LoraCollab.Data.Generated;

/// <summary>
/// A corpus written by a grammar that comes with the program: its categories share sentences and frames, and continue the frames differently
/// (<see cref="WorldOptions"/>). Everything is a function of the options; document i depends on the seeds and i alone. Categories take turns.
/// </summary>
public sealed class GeneratedCorpus : ICorpus
{
    private readonly Node _grammar;
    private readonly ulong _documentKey;
    private readonly int _count;
    private readonly Lazy<IReadOnlyList<Document>> _documents;
    private readonly Lazy<string> _hash;

    internal GeneratedCorpus(Family family, WorldOptions options)
    {
        int categories = options.Categories ?? family.DefaultCategories;
        Check(categories >= 1 && categories <= family.AllCategories.Count, family, "categories", $"1 to {family.AllCategories.Count}", categories);
        Check(options.Conflict is >= 0 and <= 1, family, "conflict", "0 to 1", options.Conflict);
        Check(options.DocumentsPerCategory is >= 1 and <= 1_000_000, family, "documents per category", "1 to 1000000", options.DocumentsPerCategory);
        Name = family.Name;
        Categories = [.. family.AllCategories.Take(categories)];
        Options = options;
        _grammar = family.Grammar(categories, options.Seed, options.Conflict);
        _documentKey = Draws.Key(options.Seed, options.DocumentSeed, Draws.Name(family.Name));
        _count = categories * options.DocumentsPerCategory;
        _documents = new(() => [.. Enumerable.Range(0, _count).Select(i => new Document(Write(i).Text, i % Categories.Count))]);
        _hash = new(() => CorpusHash.Of(this));
    }

    public string Name { get; }

    public IReadOnlyList<string> Categories { get; }

    public IReadOnlyList<Document> Documents => _documents.Value;

    public string Hash => _hash.Value;

    public WorldOptions Options { get; }

    /// <summary>The least loss that a model of these documents can reach. They must be whole documents of this world, from this corpus or from one with another document seed.</summary>
    public CorpusFloor Floor(IEnumerable<Document> documents)
    {
        double known = 0, unknown = 0;
        foreach (var document in documents)
        {
            double mixture = double.NegativeInfinity;
            for (int c = 0; c < Categories.Count; c++)
            {
                double log = LogProbability(document.Text, c);
                if (c == document.Category) known -= log;
                mixture = Reader.LogAdd(mixture, log);
            }
            unknown -= mixture - Math.Log(Categories.Count);
        }
        return double.IsFinite(known)
            ? new CorpusFloor(known, unknown)
            : throw new ArgumentException($"the floor of {Name} is known for whole documents of its own world only", nameof(documents));
    }

    /// <summary>log p(text | category) of a whole document, in nats; −∞ where that category cannot write it.</summary>
    public double LogProbability(string text, int category) => Reader.LogProbability(_grammar, text, category);

    /// <summary>What decided the words of this corpus.</summary>
    public Composition Measure() => Composition.Sum(Enumerable.Range(0, _count).Select(i => Composition.Of(Write(i))));

    /// <summary>Document i with the part of every piece.</summary>
    internal WrittenText Write(int document) =>
        Writer.Write(_grammar, document % Categories.Count, new Draws(Draws.Key(_documentKey, (ulong)document)));

    private static void Check(bool holds, Family family, string what, string expected, object found)
    {
        if (!holds)
            throw new UserException(FormattableString.Invariant($"corpus {family.Name}: {what} must be {expected}, not {found}"));
    }
}
