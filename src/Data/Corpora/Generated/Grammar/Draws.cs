namespace LoraCollab.Data.Generated.Grammar;

/// <summary>
/// A stream of random numbers: number n is a function of the key and n alone (SplitMix64: Steele, Lea and Flood 2014), so a document does not depend on
/// which documents were drawn before it.
/// </summary>
internal sealed class Draws(ulong key)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state = key;

    /// <summary>A key from several numbers.</summary>
    public static ulong Key(params ReadOnlySpan<ulong> parts)
    {
        ulong key = 0;
        foreach (ulong part in parts) key = Mix(key + Golden ^ Mix(part + Golden));
        return key;
    }

    /// <summary>A number that stands for a name: FNV-1a over its UTF-16 code units.</summary>
    public static ulong Name(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in name) hash = (hash ^ c) * 0x100000001B3;
        return hash;
    }

    public ulong Next() => Mix(_state += Golden);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>0 … n−1 in random order (Fisher–Yates).</summary>
    public int[] Permutation(int n)
    {
        var order = new int[n];
        for (int i = 0; i < n; i++)
        {
            int j = (int)(NextUnit() * (i + 1));
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
