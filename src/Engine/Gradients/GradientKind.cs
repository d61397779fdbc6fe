namespace LoraCollab.Engine.Gradients;

/// <summary>What a gradient is the gradient of.</summary>
public enum GradientKind
{
    /// <summary>Something that a pass computes on its way: the stream, the output of a layer.</summary>
    Activation,

    /// <summary>Something that a step changes: a weight, a factor of an adapter.</summary>
    Parameter,
}
