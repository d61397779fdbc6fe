namespace LoraCollab.Engine.Lora;

/// <summary>The form of a low-rank adapter (LoRA, arXiv:2106.09685).</summary>
public sealed record LoraOptions
{
    /// <summary>r.</summary>
    [RankOption]
    public int Rank { get; init; } = 4;

    /// <summary>α: the product A·B is scaled by α/r.</summary>
    [AlphaOption]
    public double Alpha { get; init; } = 32;

    /// <summary>Chance that an input of the adapter is dropped in training.</summary>
    [LoraDropoutOption]
    public float Dropout { get; init; } = 0.1f;

    [TargetsOption]
    public LoraTargets Targets { get; init; } = LoraTargets.Attention;

    /// <summary>Scale by α/√r instead of α/r (rsLoRA, arXiv:2312.03732).</summary>
    public bool RankStabilised { get; init; }

    /// <summary>α/r, or α/√r for rsLoRA.</summary>
    public double Scale => RankStabilised ? Alpha / Math.Sqrt(Rank) : Alpha / Rank;

    public bool Has(Projection projection) => ((int)Targets >> (int)projection & 1) != 0;

    /// <exception cref="UserException">A value makes no adapter.</exception>
    public LoraOptions Checked(string origin)
    {
        if (Rank < 1) throw new UserException($"{origin}: rank {Rank} must be at least 1");
        if (!double.IsFinite(Alpha) || Alpha <= 0) throw new UserException($"{origin}: alpha {Alpha} must be a positive number");
        if (!(Dropout >= 0 && Dropout < 1)) throw new UserException($"{origin}: LoRA dropout {Dropout} must be at least 0 and below 1");
        if ((Targets & LoraTargets.All) == 0 || (Targets & ~LoraTargets.All) != 0) throw new UserException($"{origin}: the adapter has no target projection");
        return this;
    }
}

/// <summary>Which projections of every block carry an adapter; bit p stands for <see cref="Projection"/> p.</summary>
[Flags]
public enum LoraTargets
{
    None = 0,
    AttnCAttn = 1 << Projection.AttnCAttn,
    AttnCProj = 1 << Projection.AttnCProj,
    MlpCFc = 1 << Projection.MlpCFc,
    MlpCProj = 1 << Projection.MlpCProj,

    /// <summary>The attention's two projections.</summary>
    Attention = AttnCAttn | AttnCProj,

    /// <summary>All four.</summary>
    All = Attention | MlpCFc | MlpCProj,
}

public sealed class RankOptionAttribute : OptionAttribute
{
    public RankOptionAttribute() : base("rank", OptionGroup.Adapter, "Rank of the adapters.") => (Value, Least, Common) = ("R", 1, true);
}

public sealed class AlphaOptionAttribute : OptionAttribute
{
    public AlphaOptionAttribute() : base("alpha", OptionGroup.Adapter, "The adapters' output is scaled by alpha / rank.") => (Least, AboveLeast) = (0, true);
}

public sealed class LoraDropoutOptionAttribute : OptionAttribute
{
    public LoraDropoutOptionAttribute() : base("lora-dropout", OptionGroup.Adapter, "Dropout on the adapters' input in training.") =>
        (Value, Least, Most, BelowMost) = ("P", 0, 1, true);
}

public sealed class TargetsOptionAttribute : OptionAttribute
{
    public TargetsOptionAttribute()
        : base("targets", OptionGroup.Adapter, "Which layers get an adapter: attn (the attention projections) or all (also the MLP's).") =>
        (Value, Choices) = ("SET", ["attn:Attention", "all:All"]);
}
