namespace LoraCollab.Report.Runs;

/// <summary>
/// Trust matrices as heatmaps: all schemes at the end, and every scheme that learns at its first, second and last aggregation beside the theoretical matrix.
/// </summary>
internal static class TrustFigures
{
    /// <summary>The paper's range for trust after purely local training.</summary>
    private const double AfterLocalMost = 0.35;

    public static IEnumerable<ReportFigure> Of(RunRecord run)
    {
        string[] mixing = [.. run.Schemes.Where(s => run.RoundsOf(s).Count > 0)];
        if (mixing.Length == 0) yield break;
        var labels = TrustHeatmap.Labels(run.Manifest);
        HeatmapPanel[] theoretical = run.TheoreticalTrust() is { } matrix ? [new("true shares", matrix)] : [];
        yield return new ReportFigure("trust-last", "Trust at the last aggregation",
            "The last matrix of every scheme on one colour range, equal ones once; true shares: the one that the clients' shares of categories ask for, "
                + "where no scheme has just that. "
            + "Methods that do more than mix by a matrix (momentum, medians, corrections) show the one they start from.",
            path =>
            {
                var last = new List<HeatmapPanel>();
                foreach (string scheme in mixing)
                {
                    var weights = run.RoundsOf(scheme)[^1].Weights;
                    int equal = last.FindIndex(p => Same(p.Values, weights));
                    if (equal < 0) last.Add(new HeatmapPanel(scheme, weights));
                    else last[equal] = last[equal] with { Title = $"{last[equal].Title}, {scheme}" };
                }
                last = [.. last.Select(p => p with { Title = Shortened(p.Title) })];
                HeatmapPanel[] panels = [.. theoretical.Where(t => !last.Any(p => Same(p.Values, t.Values))), .. last];
                HeatmapPicture.Save(path, $"Trust at the last aggregation, {RunTitle.Of(run)}", panels, labels,
                    HeatmapRange.OfAll(panels.Select(p => p.Values)), 3);
            });
        string[] learning = [.. mixing.Where(s => Learns(run, s))];
        HeatmapPanel[] PanelsOf(string scheme) => [.. theoretical,
            .. Rounds(run, scheme).Select(t => new HeatmapPanel($"aggregation {t.Round} (iteration {t.Iteration}{Without(t)})", t.Weights))];
        foreach (string scheme in learning)
            foreach (var (kind, words, range) in Ranges([.. learning.SelectMany(PanelsOf).Select(p => p.Values)]))
                yield return new ReportFigure($"trust-{scheme}-{kind}", $"Trust of {scheme}, {words}",
                    $"{scheme} at the first, the second and the last aggregation; colours: {words}.",
                    path => HeatmapPicture.Save(path, $"Trust of {scheme}: {words}", PanelsOf(scheme), labels, range));
    }

    private static string Without(TrustLine line) => line.Absent is { } absent ? $", without {string.Join(", ", absent)}" : "";

    /// <summary>What the schemes would say after purely local training.</summary>
    public static IEnumerable<ReportFigure> AfterLocal(RunRecord run)
    {
        if (run.AfterLocal.Count == 0) yield break;
        yield return new ReportFigure("trust-after-local", "Trust after purely local training",
            $"What each scheme says of the adapters that Local ends with, nothing ever mixed; colours from 0 to {Format.Fixed(AfterLocalMost)}, larger "
                + $"values (≥ at the end of the bar) as light as that.",
            path => HeatmapPicture.Save(path, $"Trust after {run.AfterLocal[0].Iteration} local iterations, {RunTitle.Of(run)}",
                [.. run.AfterLocal.Select(t => new HeatmapPanel(t.Scheme, t.Weights))], TrustHeatmap.Labels(run.Manifest), new HeatmapRange(AfterLocalMost)));
    }

    /// <summary>False where all aggregations have the same matrix, as FedAvg and the oracle.</summary>
    private static bool Learns(RunRecord run, string scheme) =>
        run.RoundsOf(scheme) is { Count: > 1 } rounds && rounds.Any(t => !Same(t.Weights, rounds[0].Weights));

    /// <summary>"fedavg, fedprox and 5 more".</summary>
    private static string Shortened(string names) => names.Split(", ") is { Length: > 3 } all ? $"{all[0]}, {all[1]} and {all.Length - 2} more" : names;

    private static bool Same(IReadOnlyList<IReadOnlyList<double>> a, IReadOnlyList<IReadOnlyList<double>> b) =>
        a.Zip(b).All(rows => rows.First.SequenceEqual(rows.Second));

    private static IEnumerable<TrustLine> Rounds(RunRecord run, string scheme)
    {
        var all = run.RoundsOf(scheme);
        return new[] { 0, 1, all.Count - 1 }.Distinct().Select(r => all[r]);
    }

    private static IEnumerable<(string Kind, string Words, HeatmapRange Range)> Ranges(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> all) =>
    [
        ("fixed", "one range for all schemes", HeatmapRange.OfAll(all)),
        ("free", "each matrix on its own range", HeatmapRange.Free),
        ("others", "without the diagonal, one range for all schemes", HeatmapRange.OfAll(all, withoutDiagonal: true)),
    ];
}
