using System.Globalization;

namespace LoraCollab.Report.Runs;

/// <summary>Ticks at the iterations where something was measured: all of them, or every second, third … so that they do not crowd. Null, for the axis's own, where there are none.</summary>
internal static class IterationTicks
{
    private const int Most = 9;

    public static IReadOnlyList<(double X, string Label)>? Of(IReadOnlyList<double> iterations)
    {
        double[] all = [.. iterations.Distinct().Order()];
        int step = Math.Max(1, (all.Length + Most - 1) / Most);
        // Counted from the end: the last is where results stand.
        return all.Length == 0 ? null : [.. all.Where((_, k) => (all.Length - 1 - k) % step == 0).Select(i => (i, i.ToString(CultureInfo.InvariantCulture)))];
    }
}
