namespace LoraCollab.Kernels.Cases;

/// <summary>Every case of every op: one file a family. A test fails if an op has none.</summary>
public static partial class OpCases
{
    private static readonly OpCase[] Every =
    [
        .. MatMul(), .. LayerNorm(), .. Attention(), .. AttentionCached(), .. Gelu(), .. Embedding(), .. Dropout(), .. Classifier(), .. ClassifierTopK(),
        .. Lora(), .. Elementwise(), .. AdamW(),
    ];

    /// <summary>All cases that check: tiny and spanning.</summary>
    public static IEnumerable<OpCase> All => Every.Where(c => c.Size != CaseSize.Large);

    /// <summary>Those small enough for ILGPU's simulator.</summary>
    public static IEnumerable<OpCase> Tiny => Every.Where(c => c.Size == CaseSize.Tiny);

    /// <summary>Those that benchmarks time.</summary>
    public static IEnumerable<OpCase> Large => Every.Where(c => c.Size == CaseSize.Large);

    /// <exception cref="KeyNotFoundException">No case of that name.</exception>
    public static OpCase Named(string name) => Every.FirstOrDefault(c => c.Name == name) ?? throw new KeyNotFoundException($"there is no case {name}");

    /// <summary>The mask of a case with dropout; none where <paramref name="probability"/> is zero.</summary>
    private static DropoutMask Mask(double probability) =>
        probability == 0 ? DropoutMask.None
        : new DropoutMask((float)probability, Seed: 0x1234_5678_9ABC_DEF0, Step: 3, Client: 5, Site: ((uint)DropoutSite.Attention << 16) | 1);

    private static string Label(double probability) => probability == 0 ? "" : FormattableString.Invariant($" dropout {probability}");
}
