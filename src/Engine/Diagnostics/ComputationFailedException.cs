namespace LoraCollab.Engine.Diagnostics;

/// <summary>The arithmetic has failed: a number that is not finite, or a kernel that wrote where it must not. The run is over.</summary>
public abstract class ComputationFailedException(string message) : Exception(message);

/// <summary>A loss became NaN or infinite: the run has failed. The message names the first bad tensor.</summary>
public sealed class NonFiniteException(string message, string tensor) : ComputationFailedException(message)
{
    /// <summary>The first tensor that holds a NaN or an infinity.</summary>
    public string Tensor { get; } = tensor;
}

/// <summary>Debug mode found what an op did wrong; the message names the op, the place and the file with its operands.</summary>
public sealed class OpFaultException(string message, string file) : ComputationFailedException(message)
{
    /// <summary>The safetensors file with the op's operands before (<c>in.NAME</c>) and after it (<c>out.NAME</c>).</summary>
    public string File { get; } = file;
}
