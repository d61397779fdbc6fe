namespace LoraCollab.Report.Plots;

/// <summary>
/// Results against the values of one option: a line per scheme, the values in equal steps, since they are mostly chosen by factors. Where there are
/// intervals or several seeds the schemes stand a little beside each other, so that these do not cover one another.
/// </summary>
public static class SweepPicture
{
    /// <summary>The part of a step over which the schemes of one value stand.</summary>
    private const double Spread = 0.3;

    /// <summary>From this ratio on a linear axis would show the largest values only.</summary>
    private const double FarApart = 8;

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Of the whole.</param>
    /// <param name="option">What is varied.</param>
    /// <param name="values">From left to right, as they are written.</param>
    /// <param name="panels">Side by side.</param>
    /// <param name="oneScale">All show one positive quantity: they have one range, which is logarithmic where the values lie far apart.</param>
    public static void Save(
        string path, string title, string option, IReadOnlyList<string> values, IReadOnlyList<SweepPanel> panels, bool oneScale = false)
    {
        var ticks = values.Select((value, k) => ((double)k, value)).ToArray();
        var scale = oneScale ? Scale.Of([.. panels.SelectMany(p => p.Lines).SelectMany(Drawn)]) : null;
        Chart[] charts =
        [
            .. panels.Select(p => new Chart(p.Title, option, p.Y, [.. p.Lines.SelectMany((line, k) => Series(line, (k + 0.5) / p.Lines.Count - 0.5, scale))])
            {
                XTicks = ticks,
                YTicks = scale?.Ticks ?? p.YTicks,
                YRange = scale is null ? null : (scale.Least, scale.Most),
            }),
        ];
        ChartPicture.Save(path, title, charts, panels.Count, panels.Count == 1 ? null : (Math.Max(520, 110 + 42 * values.Count), 380));
    }

    /// <summary>The mean with its intervals, the seeds, and a frame around the value that was chosen.</summary>
    private static IEnumerable<Series> Series(SweepLine line, double place, Scale? scale)
    {
        double At(double y) => scale?.At(y) ?? y;
        int[] there = [.. Enumerable.Range(0, line.Means.Count).Where(k => double.IsFinite(line.Means[k]))];
        var seeds = there.Where(k => k < line.Seeds.Count && line.Seeds[k].Count > 1).SelectMany(k => line.Seeds[k].Select(y => (k, y))).ToArray();
        double shift = line.HalfWidths is null && seeds.Length == 0 ? 0 : Spread * place;
        if (seeds.Length > 0)
            yield return new Series("", line.Style, [.. seeds.Select(s => (s.k + shift, At(s.y)))])
            {
                Joined = false,
                MarkerSize = 4,
                Marker = SeriesMarker.Hollow,
                Note = "a single seed",
            };
        yield return new Series(line.Scheme, line.Style, [.. there.Select(k => (k + shift, At(line.Means[k])))])
        {
            Intervals = line.HalfWidths is { } halves ? [.. there.Select(k => Interval(line.Means[k], halves[k] ?? 0))] : null,
        };
        if (line.Chosen is { } chosen)
            yield return new Series("", line.Style, [(chosen + shift, At(line.Means[chosen]))])
            {
                Joined = false,
                MarkerSize = 12,
                Marker = SeriesMarker.Frame,
                Note = "chosen by trust-validation",
            };

        (double, double) Interval(double mean, double half) => (At(mean - half), At(mean + half));
    }

    private static IEnumerable<double> Drawn(SweepLine line)
    {
        var ends = (line.HalfWidths ?? []).Zip(line.Means).SelectMany(p => p.First is { } half ? (double[])[p.Second - half, p.Second + half] : []);
        return line.Means.Concat(line.Seeds.SelectMany(s => s)).Concat(ends).Where(double.IsFinite);
    }

    /// <summary>The y axis that several diagrams share.</summary>
    private sealed record Scale(bool Logarithmic, double Least, double Most)
    {
        public static Scale? Of(double[] values)
        {
            if (values.Length == 0) return null;
            double[] positive = [.. values.Where(v => v > 0)];
            bool logarithmic = positive.Length > 0 && values.Max() / positive.Min() >= FarApart;
            var (least, most) = logarithmic ? (Math.Log10(positive.Min()), Math.Log10(values.Max())) : (values.Min(), values.Max());
            double room = Math.Max(0.06 * (most - least), 1e-6 * Math.Max(1, Math.Abs(most)));
            return new Scale(logarithmic, least - room, most + room);
        }

        /// <summary>An interval that reaches below 0 ends at the axis.</summary>
        public double At(double value) => !Logarithmic ? value : value > 0 ? Math.Max(Least, Math.Log10(value)) : Least;

        public IReadOnlyList<(double Y, string Label)>? Ticks => !Logarithmic ? null :
        [
            .. RoundNumbers.Decades(Least, Most, 1, 2, 5).Select(t => (t.At, RoundNumbers.Text(t.Factor * Math.Pow(10, t.Decade)))),
        ];
    }
}

/// <summary>One diagram of a sweep's picture.</summary>
/// <param name="Title">Above it.</param>
/// <param name="Y">Name of the y axis.</param>
/// <param name="Lines">One per scheme.</param>
public sealed record SweepPanel(string Title, string Y, IReadOnlyList<SweepLine> Lines)
{
    /// <summary>Places on the y axis with the text that stands there; null: round numbers.</summary>
    public IReadOnlyList<(double Y, string Label)>? YTicks { get; init; }
}

/// <summary>One scheme in a sweep's picture.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="Style">As of <see cref="Series"/>.</param>
/// <param name="Means">By value; NaN where there is no run.</param>
public sealed record SweepLine(string Scheme, int Style, IReadOnlyList<double> Means)
{
    /// <summary>Half the width of an interval around each mean; null without intervals.</summary>
    public IReadOnlyList<double?>? HalfWidths { get; init; }

    /// <summary>By value: what the mean is of, a seed each; drawn where there are several.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Seeds { get; init; } = [];

    /// <summary>The value that was chosen; null: none.</summary>
    public int? Chosen { get; init; }
}
