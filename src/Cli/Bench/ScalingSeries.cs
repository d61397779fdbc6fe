namespace LoraCollab.Cli.Bench;

/// <summary>The measured points of one axis.</summary>
internal sealed record ScalingSeries(ScalingAxis Axis, IReadOnlyList<ScalingPoint> Points)
{
    /// <summary>The exponents of time and memory between point <paramref name="i"/> and the one before; NaN at the first.</summary>
    public (double Time, double Memory) Local(int i) => i == 0 ? (double.NaN, double.NaN)
        : (LogSlope.Between(At(i - 1, p => p.Ms), At(i, p => p.Ms)), LogSlope.Between(At(i - 1, p => p.PeakMb), At(i, p => p.PeakMb)));

    /// <summary>The exponents over the whole range, by least squares.</summary>
    public (double Time, double Memory) Overall =>
        (LogSlope.Over([.. Points.Select(p => (p.Size, p.Ms))]), LogSlope.Over([.. Points.Select(p => (p.Size, p.PeakMb))]));

    /// <summary>
    /// Runs every size <paramref name="repeats"/> times, each in a process of its own, the sizes in turn so that no disturbance falls on one of them alone.
    /// </summary>
    /// <param name="rest">Options that every run gets.</param>
    /// <param name="report">Called before each run.</param>
    public static ScalingSeries Measure(ScalingAxis axis, int repeats, string[] rest, Action<string> report)
    {
        var ms = axis.Sizes.Select(_ => new double[repeats]).ToArray();
        var mb = axis.Sizes.Select(_ => new double[repeats]).ToArray();
        for (int r = 0; r < repeats; r++)
            for (int i = 0; i < axis.Sizes.Count; i++)
            {
                report($"{axis.Name} {axis.Sizes[i].Label}, {r + 1} of {repeats}");
                var line = OwnProcess.Run([.. axis.Sizes[i].Command, .. rest]);
                ms[i][r] = line.GetProperty(axis.Time).GetDouble();
                mb[i][r] = line.GetProperty("peak_rss_mb").GetDouble();
            }
        return new ScalingSeries(axis, [.. axis.Sizes.Select((s, i) => new ScalingPoint(s.X, s.Label, Stopwatches.Median(ms[i]), Stopwatches.Median(mb[i]),
            $"loracollab {string.Join(' ', s.Command.Concat(rest))}"))]);
    }

    private (double, double) At(int i, Func<ScalingPoint, double> y) => (Points[i].Size, y(Points[i]));
}
