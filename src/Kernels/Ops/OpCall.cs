namespace LoraCollab.Kernels.Ops;

/// <summary>
/// What one call of an op is: its name, where in the model (<see cref="ComputeBackend.Scope"/>), the work it does by the formula beside it, and its operands.
/// It lies on the stack of the op and is gone when the op returns: an observer that wants more keeps copies.
/// </summary>
public readonly ref struct OpCall
{
    private readonly long _touched;

    /// <param name="touched">Bytes, where the op touches less than the whole of its operands; else 0.</param>
    internal OpCall(string op, string scope, long flops, View output, ReadOnlySpan<OpOperand> operands, long touched)
    {
        (Op, Scope, Flops, Output, _touched) = (op, scope, flops, output, touched);
        Operands = operands;
    }

    /// <summary>Name of the op, as <c>matmul_backward_input</c>.</summary>
    public string Op { get; }

    /// <summary>Where in the model, for instance <c>h.3.attn</c>.</summary>
    public string Scope { get; }

    /// <summary>
    /// Floating-point operations by the formula of docs/kernels.md: a fused multiply-add counts two; of an op made of matrix products the products alone count.
    /// </summary>
    public long Flops { get; }

    /// <summary>
    /// Bytes that must move at least, in float32: every operand once, read or written, and one that is added to or changed in place twice. Of tables that are
    /// looked up, the rows that are.
    /// </summary>
    public long Bytes
    {
        get
        {
            if (_touched > 0) return _touched;
            long elements = 0;
            foreach (var operand in Operands) elements += operand.Elements * (operand.Role == OperandRole.Updated ? 2 : 1);
            return sizeof(float) * elements;
        }
    }

    /// <summary>The main output.</summary>
    public View Output { get; }

    /// <summary>
    /// Every tensor the op was given, destinations first, under the names of the op's parameters; those that were not wanted are there and empty.
    /// </summary>
    public ReadOnlySpan<OpOperand> Operands { get; }
}
