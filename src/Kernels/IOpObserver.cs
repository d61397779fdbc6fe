namespace LoraCollab.Kernels;

/// <summary>
/// What one call of an op is: its name, where in the model (<see cref="ComputeBackend.Scope"/>), the work it does by the formula beside it, and its main output.
/// </summary>
/// <param name="Op">Name of the op, as in <see cref="ComputeBackend"/>.</param>
/// <param name="Scope">Where in the model, for instance <c>h.3.attn</c>.</param>
/// <param name="Flops">Floating-point operations; a fused multiply-add counts two.</param>
/// <param name="Bytes">Bytes that must move at least: every operand read or written once.</param>
/// <param name="Output">The main output.</param>
public readonly record struct OpCall(string Op, string Scope, long Flops, long Bytes, View Output);

/// <summary>Sees every op before and after it runs: profiling, NaN checks and gradient inspection hang on this one point.</summary>
public interface IOpObserver
{
    void Before(in OpCall call);

    void After(in OpCall call);
}
