namespace LoraCollab.Kernels.Ops;

/// <summary>
/// Which elements a dropout removes, as a pure function of counters. Element e of the tensor is kept where word e mod 4 of
/// <c>Philox(e / 4, Step, Client, Site; Seed)</c> is at least <see cref="Threshold"/>; kept values are multiplied by <see cref="Scale"/>.
/// e counts within the client's own rows, so that a mask does not depend on what else is in the batch.
/// </summary>
/// <param name="Probability">Chance of being removed, in [0, 1). Zero: nothing is drawn.</param>
/// <param name="Seed">The run's seed (the key).</param>
/// <param name="Step">Number of the micro-batch since the start of training.</param>
/// <param name="Client">Number of the client.</param>
/// <param name="Site">Purpose and layer: see <see cref="DropoutSite"/>.</param>
public readonly record struct DropoutMask(float Probability, ulong Seed, uint Step, uint Client, uint Site)
{
    public static DropoutMask None => default;

    public bool IsNone => Probability <= 0;

    /// <summary>Words below this are removed: round(p · 2³²).</summary>
    public uint Threshold => (uint)Math.Min(Math.Round(Probability * 4294967296.0), 4294967295.0);

    /// <summary>1 / (1 − p), as float32.</summary>
    public float Scale => (float)(1.0 / (1.0 - Probability));

    public uint Key0 => (uint)Seed;
    public uint Key1 => (uint)(Seed >> 32);

    /// <summary>1 and the scale where element <paramref name="e"/> is kept, else 0: the definition every backend agrees with.</summary>
    public bool Keeps(long e)
    {
        var (x0, x1, x2, x3) = Philox.Words((uint)(e >> 2), Step, Client, Site, Key0, Key1);
        return (e & 3) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 } >= Threshold;
    }
}

/// <summary>The places where GPT-2 with LoRA drops: high half of a <see cref="DropoutMask.Site"/>; the layer is the low half.</summary>
public enum DropoutSite : uint
{
    Embedding = 1,
    Attention = 2,
    AttentionResidual = 3,
    MlpResidual = 4,
    LoraAttention = 5,
    LoraAttentionProjection = 6,
    LoraMlpExpansion = 7,
    LoraMlpProjection = 8,
}
