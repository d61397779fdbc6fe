namespace LoraCollab.Engine.Gradients;

/// <summary>One thing a verdict says.</summary>
/// <param name="Tensor">The first tensor it is true of; of a fault of the forward pass a parameter, or the place of the op that wrote it.</param>
/// <param name="Text">For people: what, where, and why where that is known.</param>
public sealed record GradientFinding(GradientFault Fault, string Tensor, string Text)
{
    public bool IsFault => Fault != GradientFault.Initial;

    public override string ToString() => IsFault ? $"FAULT, {Word}: {Text}" : Text;

    private string Word => Fault switch
    {
        GradientFault.NonFinite => "not finite",
        GradientFault.Dead => "dead",
        GradientFault.Vanishing => "vanishing",
        _ => "exploding",
    };
}

/// <summary>What can be said of a gradient's way.</summary>
public enum GradientFault
{
    /// <summary>No fault: B = 0 as a new adapter has it, so that A has no gradient until the first step has moved B.</summary>
    Initial,

    /// <summary>A NaN or an infinity.</summary>
    NonFinite,

    /// <summary>A gradient that is exactly zero where one comes in.</summary>
    Dead,

    /// <summary>A gradient that grows too small on its way down.</summary>
    Vanishing,

    /// <summary>A gradient that grows too large on its way down.</summary>
    Exploding,
}
