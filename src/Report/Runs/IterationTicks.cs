using System.Globalization;

namespace LoraCollab.Report.Runs;

/// <summary>
/// Ticks at the iterations where something was measured: all of them, or every second, third … so that they do not crowd. Null, for the axis's own, where
/// there are none.
/// </summary>
internal static class IterationTicks
{
    private const int Most = 9;

    public static IReadOnlyList<(double X, string Label)>? Of(IReadOnlyList<double> iterations)
    {
        double[] all = [.. iterations.Distinct().Order()];
        int step = Math.Max(1, (all.Length + Most - 1) / Most);
        if (all.Length == 0) return null;
        // Counted from the end: the last is where results stand. The first is kept where there is room before the next.
        var kept = all.Where((_, k) => (all.Length - 1 - k) % step == 0).ToList();
        if (kept[0] != all[0] && kept[0] - all[0] >= 0.09 * (all[^1] - all[0])) kept.Insert(0, all[0]);
        return [.. kept.Select(i => (i, i.ToString(CultureInfo.InvariantCulture)))];
    }
}
