namespace LoraCollab.Engine.Diagnostics;

/// <summary>A loss became NaN or infinite: the run has failed. The message names the first bad tensor.</summary>
public sealed class NonFiniteException(string message, string tensor) : ComputationFailedException(message)
{
    /// <summary>The first tensor that holds a NaN or an infinity.</summary>
    public string Tensor { get; } = tensor;
}
