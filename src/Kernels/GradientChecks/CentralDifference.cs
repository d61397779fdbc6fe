namespace LoraCollab.Kernels.GradientChecks;

/// <summary>
/// Derivatives from values alone. A loss is given by its rise(i, h) = L(θ + h·eᵢ) − L(θ − h·eᵢ): whoever computes it can take the difference output by
/// output, before the sum has rounded it away.
/// </summary>
public static class CentralDifference
{
    /// <summary>rise(h)/2h = L′ + h²·L‴/6 + …: an error of the second order.</summary>
    public static double Plain(Func<int, double, double> rise, int element, double h) => rise(element, h) / (2 * h);

    /// <summary>The five-point formula (8·rise(h) − rise(2h))/12h: the h² cancels, an error of the fourth order.</summary>
    public static double FivePoint(Func<int, double, double> rise, int element, double h) => (8 * rise(element, h) - rise(element, 2 * h)) / (12 * h);
}
