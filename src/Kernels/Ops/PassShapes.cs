namespace LoraCollab.Kernels.Ops;

/// <summary>The ops of a model's pass that want workspaces: from their shapes follows what a lane will hold beside its buffers.</summary>
/// <param name="Attention">B, T, heads and their size.</param>
/// <param name="Products">IC and OC of the weights in the blocks.</param>
/// <param name="Vocabulary">V of the classifier.</param>
public sealed record PassShapes(AttentionShape Attention, IReadOnlyList<(int IC, int OC)> Products, int Vocabulary)
{
    /// <summary>Whether the backward pass runs too.</summary>
    public bool Gradients { get; init; }

    /// <summary>Whether the weights are trained: then they lie in rows, and have gradients.</summary>
    public bool TrainsWeights { get; init; }

    /// <summary>The weights that have adapters.</summary>
    public IReadOnlyList<LoraShape> Adapters { get; init; } = [];

    /// <summary>Tokens a position that are asked for; 0: only losses are.</summary>
    public int TopK { get; init; }
}
