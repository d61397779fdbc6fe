namespace LoraCollab.Kernels.GradientChecks;

/// <summary>
/// How far the plain central difference is from the gradient, for every step h: at first truncation falls with h², then rounding grows with 1/h.
/// </summary>
/// <param name="Name">What was differenced.</param>
/// <param name="Steps">From the largest h to the smallest.</param>
public sealed record StepSweep(string Name, IReadOnlyList<StepError> Steps)
{
    /// <summary>1e-1, 10^-1.5, 1e-2, … 1e-10.</summary>
    public static IReadOnlyList<double> Sizes { get; } = [.. Enumerable.Range(2, 19).Select(k => Math.Pow(10, -k / 2.0))];

    /// <param name="name">What is differenced.</param>
    /// <param name="exact">The gradient in double at the sampled elements.</param>
    /// <param name="sample">The elements.</param>
    /// <param name="rise">The rise of the loss in double.</param>
    /// <param name="own">The rise through the backend under test; null: it computes in double itself.</param>
    public static StepSweep Of(string name, double[] exact, int[] sample, Func<int, double, double> rise, Func<int, double, double>? own)
    {
        double norm = Math.Sqrt(exact.Sum(e => e * e));
        return new StepSweep(name, [.. Sizes.Select(h => new StepError(h, Error(rise, h), own is null ? null : Error(own, h)))]);

        double Error(Func<int, double, double> f, double h)
        {
            double sum = 0;
            for (int k = 0; k < sample.Length; k++)
            {
                double d = CentralDifference.Plain(f, sample[k], h) - exact[k];
                sum += d * d;
            }
            return norm == 0 ? Math.Sqrt(sum) : Math.Sqrt(sum) / norm;
        }
    }

    /// <summary>The step of the least error in double.</summary>
    public StepError Best => Steps.MinBy(s => s.Error)!;

    /// <summary>The step of the least error through the backend; null where there is none.</summary>
    public StepError? BestOwn => Steps.Where(s => s.OwnError is not null).MinBy(s => s.OwnError);
}

/// <summary>The error of central differences at one step.</summary>
/// <param name="Step">h.</param>
/// <param name="Error">‖difference − gradient‖ / ‖gradient‖ with the forward pass in double.</param>
/// <param name="OwnError">The same with the backend's own forward pass; null where that is in double.</param>
public sealed record StepError(double Step, double Error, double? OwnError);

/// <summary>
/// Derivatives from values alone. A loss is given by its rise(i, h) = L(θ + h·eᵢ) − L(θ − h·eᵢ): whoever computes it can take the difference output
/// by output, before the sum has rounded it away.
/// </summary>
public static class CentralDifference
{
    /// <summary>rise(h)/2h = L′ + h²·L‴/6 + …: an error of the second order.</summary>
    public static double Plain(Func<int, double, double> rise, int element, double h) => rise(element, h) / (2 * h);

    /// <summary>The five-point formula (8·rise(h) − rise(2h))/12h: the h² cancels, an error of the fourth order.</summary>
    public static double FivePoint(Func<int, double, double> rise, int element, double h) => (8 * rise(element, h) - rise(element, 2 * h)) / (12 * h);
}
