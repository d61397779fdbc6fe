namespace LoraCollab.Report.Statistics;

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
