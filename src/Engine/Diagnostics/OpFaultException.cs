namespace LoraCollab.Engine.Diagnostics;

/// <summary>Debug mode found what an op did wrong; the message names the op, the place and the file with its operands.</summary>
public sealed class OpFaultException(string message, string file) : ComputationFailedException(message)
{
    /// <summary>The safetensors file with the op's operands before (<c>in.NAME</c>) and after it (<c>out.NAME</c>).</summary>
    public string File { get; } = file;
}
