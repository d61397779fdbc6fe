namespace LoraCollab.Engine.Gradients;

/// <summary>One line of a <see cref="GradientReport"/>.</summary>
/// <param name="Name">As in the checkpoint or adapter; activations begin with act.</param>
/// <param name="Gradient">Of a parameter the mean over the micro-batches, of an activation all of them.</param>
public sealed record TensorGradient(string Name, GradientKind Kind, GradientStatistics Gradient)
{
    /// <summary>Norm of the parameter itself; null for an activation.</summary>
    public double? Weight { get; init; }

    /// <summary>‖θ′ − θ‖ / ‖θ‖ of the AdamW step that this gradient makes; null for an activation and where θ = 0.</summary>
    public double? UpdateRatio { get; init; }

    /// <summary>
    /// ‖G‖ / √tr Σ of one micro-batch, G the true gradient and Σ the covariance between micro-batches, both estimated without bias (arXiv:1812.06162):
    /// the inverse root of the simple noise scale. 0 where the noise hides the signal; null for an activation and with one micro-batch.
    /// </summary>
    public double? SignalToNoise { get; init; }

    /// <summary>The block it belongs to; null outside the blocks.</summary>
    public int? Layer => TensorNames.Layer(Name);

    /// <summary>The name for people: without PEFT's prefix and the ending that every tensor has.</summary>
    public string ShortName => TensorNames.Short(Name);

    /// <summary>Name without the number of the block, so that one kind of tensor can be followed through the layers; "act.h" is the stream.</summary>
    public string Family => Layer is { } layer
        ? ShortName.Replace($"h.{layer}.", "", StringComparison.Ordinal).Replace($"h.{layer}", "h", StringComparison.Ordinal) : ShortName;
}

/// <summary>What a gradient is the gradient of.</summary>
public enum GradientKind
{
    /// <summary>Something that a pass computes on its way: the stream, the output of a layer.</summary>
    Activation,

    /// <summary>Something that a step changes: a weight, a factor of an adapter.</summary>
    Parameter,
}
