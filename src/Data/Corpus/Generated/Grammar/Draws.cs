namespace LoraCollab.Data.Corpus.Generated.Grammar;

/// <summary>The random numbers of one document or one choice of a world, one after the other.</summary>
internal sealed class Draws(CounterRandom random)
{
    private long _drawn;

    /// <summary>The stream of a name: FNV-1a over its UTF-16 code units is its index.</summary>
    public static Draws Named(CounterRandom random, string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in name) hash = (hash ^ c) * 0x100000001B3;
        return new Draws(random.At((long)hash));
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Unit() => random.Unit(_drawn++);

    /// <summary>0 … n−1 in random order (Fisher and Yates).</summary>
    public int[] Permutation(int n)
    {
        int[] order = [.. Enumerable.Range(0, n)];
        random.At(_drawn++).Shuffle<int>(order);
        return order;
    }
}
