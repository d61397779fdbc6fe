namespace LoraCollab.Report.Runs;

/// <summary>A mean and the 95 % interval around it by Student's t, for the clients of one run: it speaks of other clients, not of other seeds.</summary>
/// <param name="Mean">Of the values.</param>
/// <param name="HalfWidth">The interval is the mean ± this; null for fewer than two values.</param>
public sealed record MeanInterval(double Mean, double? HalfWidth)
{
    public static MeanInterval Of(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        if (values.Count < 2) return new MeanInterval(mean, null);
        double variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
        return new MeanInterval(mean, StudentT.Quantile(0.95, values.Count - 1) * Math.Sqrt(variance / values.Count));
    }
}
