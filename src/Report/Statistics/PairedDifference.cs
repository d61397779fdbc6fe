namespace LoraCollab.Report.Statistics;

/// <summary>
/// One scheme against another on the same seeds and clients: differences of log-perplexity, which is the loss in nats per token. Negative: the scheme is
/// better.
/// </summary>
/// <param name="Mean">Mean over seeds and clients.</param>
/// <param name="BySeed">[S]: mean over clients.</param>
/// <param name="ByClient">[N]: mean over seeds.</param>
/// <param name="HalfWidth">The 95 % interval is mean ± this; null below five seeds.</param>
/// <param name="PValue">Of "no difference", uncorrected; null below five seeds.</param>
/// <param name="Gain">Share of the S·N pairs in which the client does better.</param>
/// <param name="Harmed">Share in which it does worse.</param>
public sealed record PairedDifference(
    double Mean, IReadOnlyList<double> BySeed, IReadOnlyList<double> ByClient, double? HalfWidth, double? PValue, double Gain, double Harmed)
{
    /// <summary>The level below which a corrected p counts.</summary>
    public const double Level = 0.05;

    /// <summary>The p value after Holm's correction over all schemes and sets of a table; null below five seeds.</summary>
    public double? AdjustedP { get; init; }

    /// <summary>Whether the difference can be told from zero; never below five seeds.</summary>
    public bool IsDistinguishable => AdjustedP < Level;

    /// <param name="losses">[S][N] of the scheme.</param>
    /// <param name="reference">[S][N] of what it is compared with.</param>
    public static PairedDifference Of(double[][] losses, double[][] reference)
    {
        double[][] d = [.. losses.Zip(reference, (a, b) => a.Zip(b, (x, y) => x - y).ToArray())];
        double[] all = [.. d.SelectMany(x => x)];
        var test = HierarchicalBootstrap.Test(d);
        return new PairedDifference(HierarchicalBootstrap.Mean(d), [.. d.Select(x => x.Average())],
            [.. Enumerable.Range(0, d[0].Length).Select(i => d.Average(x => x[i]))],
            test?.HalfWidth, test?.PValue, all.Average(x => x < 0 ? 1.0 : 0), all.Average(x => x > 0 ? 1.0 : 0));
    }

    /// <summary>Corrects the p values of all differences of a table together; the function gives each of them back with its own.</summary>
    internal static Func<PairedDifference?, PairedDifference?> Corrected(IEnumerable<PairedDifference?> differences)
    {
        PairedDifference[] tested = [.. differences.Where(d => d?.PValue is not null).Select(d => d!)];
        double[] p = HolmCorrection.Adjust([.. tested.Select(d => d.PValue!.Value)]);
        return difference => Array.FindIndex(tested, t => ReferenceEquals(t, difference)) is var k and >= 0 ? tested[k] with { AdjustedP = p[k] } : difference;
    }
}

/// <summary>
/// Holm's step-down correction of several tests (Holm, "A simple sequentially rejective multiple test procedure", 1979): the chance of one false finding
/// among all stays below the level.
/// </summary>
public static class HolmCorrection
{
    /// <summary>
    /// Adjusted p values, in the order given: the k-th smallest of m is multiplied by m − k + 1, never falls below the one before it, and is at most 1.
    /// </summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        int[] order = [.. Enumerable.Range(0, p.Count).OrderBy(i => p[i])];
        double[] adjusted = new double[p.Count];
        double least = 0;
        for (int k = 0; k < order.Length; k++)
            adjusted[order[k]] = least = Math.Max(least, Math.Min(1, p[order[k]] * (order.Length - k)));
        return adjusted;
    }
}
