namespace LoraCollab.Engine.Gradients;

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
