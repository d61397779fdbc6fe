using LoraCollab.Data.Generated.Families;
using LoraCollab.Data.Generated.Grammar;

namespace LoraCollab.Data.Generated;

/// <summary>
/// All families and all their categories at random, document by document, from a world that no experiment uses: a model trained on it learns the grammar,
/// how every word is spelt and what a frame looks like, but not how the frames of other worlds go on. Documents carry the category "family/category".
/// </summary>
internal sealed class PretrainingMixture : ICorpus
{
    /// <summary>How often each of <see cref="Family.All"/> is drawn.</summary>
    private static readonly double[] s_shares = [0.5, 0.75, 1];

    private readonly Lazy<IReadOnlyList<Document>> _documents;
    private readonly Lazy<string> _hash;

    public PretrainingMixture(ulong seed, int documents)
    {
        if (documents < 1) throw new UserException(FormattableString.Invariant($"corpus {Name}: documents must be 1 or more, not {documents}"));
        Categories = [.. Family.All.SelectMany(f => f.AllCategories.Select(c => $"{f.Name}/{c}"))];
        // A key of its own keeps this world apart from the experiments' worlds, whatever their seeds.
        ulong world = Draws.Key(seed, Draws.Name("pretraining"));
        _documents = new(() => Write(world, documents));
        _hash = new(() => CorpusHash.Of(this));
    }

    public string Name => "mixture";

    public IReadOnlyList<string> Categories { get; }

    public IReadOnlyList<Document> Documents => _documents.Value;

    public string Hash => _hash.Value;

    private static IReadOnlyList<Document> Write(ulong world, int count)
    {
        Node[] grammars = [.. Family.All.Select(f => f.Grammar(f.AllCategories.Count, world, conflict: 1))];
        int[] first = [.. Family.All.Select((_, f) => Family.All.Take(f).Sum(g => g.AllCategories.Count))];
        var documents = new Document[count];
        for (int i = 0; i < count; i++)
        {
            var draws = new Draws(Draws.Key(world, (ulong)i));
            double u = draws.NextUnit();
            int family = Array.FindIndex(s_shares, s => u < s);
            int category = (int)(draws.NextUnit() * Family.All[family].AllCategories.Count);
            documents[i] = new Document(Writer.Write(grammars[family], category, draws).Text, first[family] + category);
        }
        return documents;
    }
}
