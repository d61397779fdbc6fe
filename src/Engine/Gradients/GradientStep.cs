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

/// <summary>What one op of the backward pass wrote into one gradient tensor.</summary>
/// <param name="Tensor">Name of the activation (<see cref="ActivationName"/>) or parameter.</param>
/// <param name="Around">Norm of what was there before: at the residual stream the gradient that goes around a half block; 0 where the op overwrites.</param>
/// <param name="Own">Norm of what the op itself gave: what goes through.</param>
/// <param name="After">The tensor afterwards: the sum of both.</param>
public sealed record GradientWrite(string Tensor, GradientKind Kind, double Around, double Own, GradientStatistics After)
{
    /// <summary>Cosine between what was there and what came, from the law of cosines; NaN where one of them is zero.</summary>
    public double Cosine => (After.Norm * After.Norm - Around * Around - Own * Own) / (2 * Around * Own);
}
