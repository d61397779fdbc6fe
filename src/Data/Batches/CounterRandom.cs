namespace LoraCollab.Data.Batches;

/// <summary>
/// Random bits as a pure function of (seed, purpose, stream, indices): nothing is drawn in sequence, so no order of work and no other user can change them.
/// Each word of the key is absorbed by the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
/// </summary>
public readonly struct CounterRandom
{
    private readonly ulong _key;

    private CounterRandom(ulong key) => _key = key;

    /// <param name="seed">the run's or the data's seed</param>
    /// <param name="purpose">what the bits are for: different purposes never share bits</param>
    /// <param name="stream">a client, a category, ... </param>
    public CounterRandom(ulong seed, RandomPurpose purpose, int stream = 0) => _key = Absorb(Absorb(Mix(seed + Weyl), (ulong)purpose), (uint)stream);

    private const ulong Weyl = 0x9E3779B97F4A7C15;

    /// <summary>The generator of one sub-stream, such as a step or a document.</summary>
    public CounterRandom At(long index) => new(Absorb(_key, (ulong)index));

    /// <summary>64 random bits.</summary>
    public ulong Bits(long index) => Absorb(_key, (ulong)index);

    /// <summary>A whole number from 0 to bound - 1; no value is likelier than another by more than bound / 2⁶⁴.</summary>
    public int Below(int bound, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(Bits(index), (ulong)bound, out _);
    }

    /// <summary>A multiple of 2⁻⁵³ in [0, 1).</summary>
    public double Unit(long index) => (Bits(index) >> 11) * (1.0 / (1L << 53));

    /// <summary>Puts the items into a random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1, i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Absorb(ulong key, ulong word) => Mix((key ^ Mix(word + Weyl)) + Weyl);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>What a <see cref="CounterRandom"/> is for. The numbers enter every result: never change or reuse one.</summary>
public enum RandomPurpose
{
    TrainingWindows = 1,
    DocumentOrder = 2,
    PieceOrder = 3,
    DirichletShares = 4,
    GeneratedWorld = 5,
    GeneratedDocuments = 6,
    TrustWindows = 7,
    PublicWindows = 8,
    PublicPositions = 9,
    EvaluationWindows = 10,
    BootstrapResamples = 11,
    UploadNoise = 12,
    Absence = 13,
    AttackNoise = 14,
}
