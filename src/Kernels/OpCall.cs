namespace LoraCollab.Kernels;

/// <summary>
/// What one call of an op is: its name, where in the model (<see cref="ComputeBackend.Scope"/>), the work it does by the formula beside it, and its operands. It lies on
/// the stack of the op and is gone when the op returns: an observer that wants more keeps copies.
/// </summary>
public readonly ref struct OpCall
{
    internal OpCall(string op, string scope, long flops, long bytes, View output, ReadOnlySpan<OpOperand> operands)
    {
        (Op, Scope, Flops, Bytes, Output) = (op, scope, flops, bytes, output);
        Operands = operands;
    }

    /// <summary>Name of the op, as <c>matmul_backward_input</c>.</summary>
    public string Op { get; }

    /// <summary>Where in the model, for instance <c>h.3.attn</c>.</summary>
    public string Scope { get; }

    /// <summary>Floating-point operations; a fused multiply-add counts two.</summary>
    public long Flops { get; }

    /// <summary>Bytes that must move at least: every operand read or written once.</summary>
    public long Bytes { get; }

    /// <summary>The main output.</summary>
    public View Output { get; }

    /// <summary>Every tensor the op was given, destinations first, under the names of the op's parameters; those that were not wanted are there and empty.</summary>
    public ReadOnlySpan<OpOperand> Operands { get; }
}
