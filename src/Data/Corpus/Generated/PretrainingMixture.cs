namespace LoraCollab.Data.Corpus.Generated;

/// <summary>
/// Text of all families, document by document in random categories, from worlds that no experiment uses. A model trained on it learns the grammar, how every
/// word is spelt and which words may follow a frame, but not which one does in the world of an experiment. Categories are named "family/category".
/// </summary>
internal static class PretrainingMixture
{
    /// <summary>Cumulative shares of <see cref="Family.All"/>: half news, a quarter languages, a quarter code.</summary>
    private static readonly double[] s_shares = [0.5, 0.75, 1];

    public static DocumentCorpus Write(ulong seed, int documents)
    {
        var grammars = Family.All.Select(f => Worlds(f, seed)).ToArray();
        int[] first = [.. Family.All.Select((_, f) => Family.All.Take(f).Sum(g => g.AllCategories.Count))];
        var random = new CounterRandom(WorldSeed(seed, 0), RandomPurpose.GeneratedDocuments);
        var written = new Document[documents];
        for (int i = 0; i < documents; i++)
        {
            var draws = new Draws(random.At(i));
            double u = draws.Unit();
            int family = Array.FindIndex(s_shares, share => u < share);
            int world = (int)(draws.Unit() * grammars[family].Length);
            int category = (int)(draws.Unit() * Family.All[family].AllCategories.Count);
            written[i] = new Document(Writer.Write(grammars[family][world], category, draws).Text, first[family] + category);
        }
        return new DocumentCorpus("mixture", [.. Family.All.SelectMany(f => f.AllCategories.Select(c => $"{f.Name}/{c}"))], written);
    }

    /// <summary>As many worlds as give every frame about eight continuations, so that each word of the lists follows some frame.</summary>
    private static Node[] Worlds(Family family, ulong seed)
    {
        int categories = family.AllCategories.Count;
        return [.. Enumerable.Range(0, (8 + categories - 1) / categories).Select(w => family.Grammar(WorldSeed(seed, w), conflict: 1))];
    }

    /// <summary>Seeds from the upper half of all numbers, so that the small ones people choose for experiments never meet a world of the mixture.</summary>
    private static ulong WorldSeed(ulong seed, int world) => ulong.MaxValue - seed * 8 - (ulong)world;
}
