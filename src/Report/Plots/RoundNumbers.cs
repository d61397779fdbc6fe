using System.Globalization;

namespace LoraCollab.Report.Plots;

/// <summary>Places for the ticks of an axis: multiples of 1, 2 or 5 times a power of ten.</summary>
internal static class RoundNumbers
{
    /// <summary>The multiples in [least, most] of the smallest such step that gives at most <paramref name="count"/> of them.</summary>
    public static IReadOnlyList<double> Between(double least, double most, int count)
    {
        if (!(most > least)) return [least];
        for (double power = Math.Pow(10, Math.Floor(Math.Log10((most - least) / count))); ; power *= 10)
            foreach (double step in (double[])[power, 2 * power, 5 * power])
            {
                double first = Math.Ceiling(least / step - 1e-9), last = Math.Floor(most / step + 1e-9);
                if (last - first < count) return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(k => Math.Round((first + k) * step, 12))];
            }
    }

    /// <summary>The factors times powers of ten whose logarithms lie in [least, most]: ticks of a logarithmic axis.</summary>
    public static IEnumerable<(double At, double Factor, int Decade)> Decades(double least, double most, params double[] factors)
    {
        for (int decade = (int)Math.Floor(least); decade <= most; decade++)
            foreach (double factor in factors)
                if (decade + Math.Log10(factor) is var at && at >= least && at <= most) yield return (at, factor, decade);
    }

    public static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
