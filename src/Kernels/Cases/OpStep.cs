namespace LoraCollab.Kernels.Cases;

/// <summary>One call of one op on the operands of a case.</summary>
/// <param name="Op">Name of the method of <see cref="ComputeBackend"/>.</param>
/// <param name="IsBackward">True for a step that computes gradients of the forward steps before it.</param>
/// <param name="Run">The call.</param>
public sealed record OpStep(string Op, bool IsBackward, Action<ComputeBackend, BoundCase> Run);
