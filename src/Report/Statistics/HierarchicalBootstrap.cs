namespace LoraCollab.Report.Statistics;

/// <summary>
/// The mean of values by seed and client with the uncertainty of both: seeds are resampled first, then the clients within each of them. The interval is mean ±
/// t·se, with se the standard deviation of the resampled means times √(S/(S − 1)) and t Student's quantile with S − 1 degrees of freedom (Efron and
/// Tibshirani, "An Introduction to the Bootstrap", chapter 12). Plain percentiles of five seeds' resamples would cover about 85 % where 95 % are claimed, since
/// resampling S values understates their spread by that root.
/// </summary>
public static class HierarchicalBootstrap
{
    /// <summary>Below this no interval is given: the spread of so few seeds is not known.</summary>
    public const int LeastSeeds = 5;

    /// <summary>B.</summary>
    public const int Resamples = 10_000;

    /// <summary>The share that an interval is to cover.</summary>
    public const double Coverage = 0.95;

    private const ulong Seed = 1;

    /// <summary>Standard error of the mean.</summary>
    /// <param name="values">[S][N], S at least 2.</param>
    public static double StandardError(double[][] values)
    {
        int seeds = values.Length;
        if (seeds < 2) throw new ArgumentException($"{seeds} seeds have no spread", nameof(values));
        // The same draws for all comparisons of the same shape. Deviations from the mean: sums of small numbers keep their digits.
        double mean = Mean(values), sum = 0, squares = 0;
        var random = new CounterRandom(Seed, RandomPurpose.BootstrapResamples);
        for (int b = 0; b < Resamples; b++)
        {
            var draw = random.At(b);
            double deviation = 0;
            int next = 0;
            for (int s = 0; s < seeds; s++)
            {
                double[] clients = values[draw.Below(seeds, next++)];
                double within = 0;
                for (int i = 0; i < clients.Length; i++) within += clients[draw.Below(clients.Length, next++)] - mean;
                deviation += within / clients.Length;
            }
            deviation /= seeds;
            sum += deviation;
            squares += deviation * deviation;
        }
        double variance = Math.Max(0, (squares - sum * sum / Resamples) / (Resamples - 1));
        return Math.Sqrt(variance * seeds / (seeds - 1));
    }

    /// <summary>Mean over seeds of the mean over clients.</summary>
    public static double Mean(double[][] values) => values.Average(clients => clients.Average());

    /// <summary>
    /// Half the width of the interval around the mean, and the two-sided p of "the mean is zero" from the same t and standard error: below 0.05 where the
    /// interval leaves zero out. Null below <see cref="LeastSeeds"/>.
    /// </summary>
    /// <param name="values">[S][N].</param>
    public static (double HalfWidth, double PValue)? Test(double[][] values)
    {
        if (values.Length < LeastSeeds) return null;
        int degrees = values.Length - 1;
        double mean = Mean(values), error = StandardError(values);
        return (StudentT.Quantile(Coverage, degrees) * error, error > 0 ? 1 - StudentT.Within(mean / error, degrees) : mean == 0 ? 1 : 0);
    }
}
