using System.Globalization;

namespace LoraCollab.Report.Runs;

/// <summary>
/// Learning curves: perplexity over the iterations, with the aggregations. Only points that are means of the same number of tokens are joined.
/// </summary>
internal static class CurveFigures
{
    private const float Small = 5, Large = 10;

    public static IEnumerable<ReportFigure> Of(RunRecord run)
    {
        if (!run.Metrics.Any(m => m.Phase == EvaluationPhase.After)) yield break;
        double[] marks = Marks(run);
        yield return Learning(run, "curves", "Learning curves", RunTitle.Of(run));
        if (run.Metrics.Any(m => m.Phase == EvaluationPhase.Before))
            yield return new ReportFigure("mixing", "What each mix does",
                "Mean perplexity over clients just before and just after every aggregation, one diagram a scheme, on one axis.",
                path => ChartPicture.Save(path, $"Before and after each mix, {RunTitle.Of(run)}", Mixing(run, marks), 3, (360, 270)));
    }

    /// <summary>Perplexity after each mix.</summary>
    /// <param name="run">A run, or one whose evaluations are means over the seeds of a set.</param>
    /// <param name="name">Of its files.</param>
    /// <param name="title">Of the figure.</param>
    /// <param name="of">What it shows, for the picture's own title.</param>
    public static ReportFigure Learning(RunRecord run, string name, string title, string of)
    {
        double[] marks = Marks(run);
        return new ReportFigure(name, title,
            "Mean perplexity over clients just after each mix; vertical lines are the aggregations. Open markers, joined to nothing, are of "
                + "all report text and so not on one scale with the small markers, which are of a part of it (option curve-every): where one stands above or "
                + "below its line, the text is another. At iteration 0 the model without adapters, also of all of it, if it is on the scale. "
                + "Right: the second half, closer.",
            path => ChartPicture.Save(path, $"Learning curves, {of}", [Whole(run, marks), Late(run, marks)], 2, (560, 400)));
    }

    private static double[] Marks(RunRecord run) => [.. run.Trust.Select(t => (double)t.Iteration).Distinct()];

    private static IEnumerable<double> Evaluated(RunRecord run) => run.Metrics.Where(m => m.Phase != EvaluationPhase.Base).Select(m => (double)m.Iteration);

    private static Chart Whole(RunRecord run, double[] marks)
    {
        var all = run.Schemes.SelectMany(scheme => Pieces(After(run, scheme), scheme, SchemeStyle.Of(scheme))).ToList();
        if (run.Metrics.FirstOrDefault(m => m.Phase == EvaluationPhase.Base) is { } start
            && BaseModel.Fits(start.MeanPerplexity, all.SelectMany(s => s.Points).Select(p => p.Y)))
            all.Add(new Series("base model", SchemeStyle.Base, [(start.Iteration, start.MeanPerplexity)]) { Joined = false, MarkerSize = Large });
        return new Chart("the whole run", "iteration", "perplexity", all) { Marks = marks, XTicks = IterationTicks.Of([0, .. Evaluated(run)]) };
    }

    private static Chart Late(RunRecord run, double[] marks)
    {
        int half = run.Summary.Iterations / 2;
        var late = run.Schemes.SelectMany(scheme => Pieces(After(run, scheme), scheme, SchemeStyle.Of(scheme), half));
        return new Chart("the second half", "iteration", "perplexity", [.. late])
        {
            Marks = [.. marks.Where(m => m >= half)],
            XTicks = IterationTicks.Of([.. Evaluated(run).Where(i => i >= half)]),
        };
    }

    private static Chart[] Mixing(RunRecord run, double[] marks)
    {
        var lines = run.Metrics.Where(m => m.Phase != EvaluationPhase.Base).ToArray();
        double least = lines.Min(m => m.MeanPerplexity), most = lines.Max(m => m.MeanPerplexity), room = Math.Max(1e-3, 0.06 * (most - least));
        return
        [
            .. run.Schemes.Select(scheme =>
            {
                var own = lines.Where(m => m.Scheme == scheme).ToArray();
                Series Points(EvaluationPhase phase, string name, int style) =>
                    new(name, style, [.. own.Where(m => m.Phase == phase).Select(m => ((double)m.Iteration, m.MeanPerplexity))])
                    {
                        Joined = false,
                        MarkerSize = Small,
                    };
                var way = Pieces(own, "", 5).Select(s => s with { MarkerSize = 0, Note = null });
                return new Chart(scheme, "iteration", "perplexity",
                    [.. way, Points(EvaluationPhase.Before, "just before a mix", 0), Points(EvaluationPhase.After, "just after", 1)])
                {
                    Marks = run.RoundsOf(scheme).Count == 0 ? [] : marks,
                    XTicks = IterationTicks.Of([.. Evaluated(run)]),
                    YRange = (least - room, most + room),
                };
            }),
        ];
    }

    private static MetricsLine[] After(RunRecord run, string scheme) => [.. run.Metrics.Where(m => m.Scheme == scheme && m.Phase == EvaluationPhase.After)];

    /// <summary>
    /// One series for every stretch of lines whose clients' losses are means of the same numbers of tokens; the stretch that reads most is drawn with open
    /// markers where there are several.
    /// </summary>
    private static IEnumerable<Series> Pieces(IReadOnlyList<MetricsLine> lines, string name, int style, int from = 0)
    {
        var pieces = new List<List<MetricsLine>>();
        foreach (var line in lines)
            if (pieces.Count > 0 && Tokens(pieces[^1][0]).SequenceEqual(Tokens(line))) pieces[^1].Add(line);
            else pieces.Add([line]);
        long most = pieces.Count > 1 ? lines.Max(m => Tokens(m).Sum()) : long.MaxValue;
        return pieces.Select(piece => (All: Tokens(piece[0]).Sum() == most, Shown: piece.Where(m => m.Iteration >= from).ToArray()))
            .Where(p => p.Shown.Length > 0).Select(p => new Series(name, style, [.. p.Shown.Select(m => ((double)m.Iteration, m.MeanPerplexity))])
            {
                Joined = p.Shown.Length > 1,
                MarkerSize = p.All ? Large : Small,
                Marker = p.All ? SeriesMarker.Hollow : SeriesMarker.Own,
                Note = p.All ? "all report text; small markers: a part of it" : null,
            });
    }

    private static IEnumerable<long> Tokens(MetricsLine line) => line.Clients.Select(c => c.Tokens);
}

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
