namespace LoraCollab.Engine.Gradients;

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
