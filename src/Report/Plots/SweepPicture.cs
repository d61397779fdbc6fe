namespace LoraCollab.Report.Plots;

/// <summary>
/// Perplexity against the values of one option: a line a scheme, the values in equal steps, since they are mostly chosen by factors. Where there are
/// intervals the schemes stand a little beside
/// each other, so that these do not cover one another.
/// </summary>
public static class SweepPicture
{
    /// <summary>The part of a step over which the schemes of one value stand.</summary>
    private const double Spread = 0.3;

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Of the whole.</param>
    /// <param name="option">What is varied.</param>
    /// <param name="values">From left to right, as they are written.</param>
    /// <param name="panels">
    /// Diagrams side by side by title, each with one line a scheme: [values] means, NaN where there is no run, and half widths of intervals or null.
    /// </param>
    public static void Save(
        string path, string title, string option, IReadOnlyList<string> values, IReadOnlyList<(string Title, string Y, IReadOnlyList<SweepLine> Lines)> panels)
    {
        var ticks = values.Select((value, k) => ((double)k, value)).ToArray();
        double Shift(SweepLine line, int k, int lines) => line.HalfWidths is null ? 0 : Spread * ((k + 0.5) / lines - 0.5);
        Chart[] charts =
        [
            .. panels.Select(p =>
                new Chart(p.Title, option, p.Y, [.. p.Lines.Select((line, k) => Series(line, Shift(line, k, p.Lines.Count)))]) { XTicks = ticks }),
        ];
        ChartPicture.Save(path, title, charts, panels.Count, panels.Count == 1 ? null : (Math.Max(520, 110 + 42 * values.Count), 380));
    }

    private static Series Series(SweepLine line, double shift)
    {
        int[] there = [.. Enumerable.Range(0, line.Means.Count).Where(k => double.IsFinite(line.Means[k]))];
        return new Series(line.Scheme, line.Style, [.. there.Select(k => (k + shift, line.Means[k]))])
        {
            HalfWidths = line.HalfWidths is { } halves ? [.. there.Select(k => halves[k] ?? 0)] : null,
        };
    }
}
