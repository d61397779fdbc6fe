namespace LoraCollab.Engine.Gradients;

/// <summary>One op of the backward pass.</summary>
/// <param name="Op">Name of the op, as in <see cref="Kernels.OpCall"/>.</param>
/// <param name="Scope">Where in the model.</param>
/// <param name="Incoming">Norm of the gradient that comes in; 1 at the loss.</param>
/// <param name="Writes">Every gradient it wrote.</param>
/// <param name="Suspects">Where something it wrote is zero or not finite: which of its other operands explain that ("b is zero").</param>
public sealed record GradientStep(string Op, string Scope, double Incoming, IReadOnlyList<GradientWrite> Writes, IReadOnlyList<string> Suspects)
{
    public GradientWrite? To(string tensor) => Writes.FirstOrDefault(w => w.Tensor == tensor);

    /// <summary>What the op multiplied the incoming norm by on its way to <paramref name="write"/>.</summary>
    public double FactorOf(GradientWrite write) => write.Own / Incoming;
}
