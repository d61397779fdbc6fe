namespace LoraCollab.Engine.Optim;

/// <summary>The constants of AdamW (arXiv:1711.05101). The defaults are the experiments' own.</summary>
public sealed record AdamWOptions
{
    public double Beta1 { get; init; } = 0.9;
    public double Beta2 { get; init; } = 0.95;
    public double Epsilon { get; init; } = 1e-8;
    public double WeightDecay { get; init; } = 1e-3;

    /// <summary>Whether biases, LayerNorms and other one-dimensional tensors decay too.</summary>
    public bool DecayVectors { get; init; } = true;

    /// <summary>The gradient is scaled down to this global norm where it is longer; 0: never.</summary>
    public double ClipNorm { get; init; }
}
