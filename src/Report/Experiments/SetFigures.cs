namespace LoraCollab.Report.Experiments;

/// <summary>Pictures of one set over all its seeds.</summary>
internal static class SetFigures
{
    /// <param name="set">Its statistics.</param>
    public static IEnumerable<ReportFigure> Of(SetStatistics set)
    {
        string name = set.Set.FileName, seeds = Format.Several(set.Set.Seeds.Count, "seed");
        bool intervals = set.Schemes.Any(s => s.HalfWidth is not null);
        var bars = set.Schemes.Select(s => Row(s, SchemeStyle.Of(s.Scheme))).Concat(set.Comparators.Select(s => Row(s, null))).ToList();
        double without = set.Set.Runs.Average(r => r.BasePerplexity);
        bars.InsertRange(0, BaseModel.Bars(without, bars, [.. set.Set.Runs.Select(r => r.BasePerplexity)]));
        yield return new ReportFigure($"perplexity-{name}", $"Mean perplexity, {set.Set.Title}",
            $"Left: mean over seeds and clients of the perplexity on report text after the last mix, "
                + $"{(intervals ? "with its 95 % interval" : "a dot a seed; too few seeds for an interval")}. "
            + $"Right: difference of the loss in nats to Local on the same seeds and clients, a dot a seed{(intervals ? ", with its 95 % interval" : "")}; "
                + $"left of zero is better." + BaseModel.Note(without, bars.Select(b => b.Mean)),
            path => BarPicture.Save(path, $"Mean perplexity, {set.Set.Title}, {seeds}", "perplexity on report text", "loss minus Local's, nats a token", bars));
        var points = set.Schemes.Select(s => (s.Scheme, Style: SchemeStyle.Of(s.Scheme),
            Bytes: (long)set.Set.Runs.Average(r => r.Schemes[s.Scheme].BytesUp + r.Schemes[s.Scheme].BytesDown), Y: s.MeanPerplexity)).ToArray();
        if (points.Any(p => p.Bytes > 0))
            yield return new ReportFigure($"bytes-{name}", $"Bytes against perplexity, {set.Set.Title}",
                "All that all clients sent and received over a run, mean over seeds, against the mean perplexity after the last mix.",
                path => ChartPicture.Save(path, $"Bytes against perplexity, {set.Set.Title}, {seeds}", [BytesChart.Of(points)]));
    }

    private static Bar Row(SchemeStatistics s, int? style) => new(s.Title, style, s.MeanPerplexity, Format.Perplexity(s.MeanPerplexity))
    {
        HalfWidth = s.HalfWidth,
        Values = s.PerplexityBySeed,
        Difference = s.ToLocal?.Mean,
        DifferenceHalfWidth = s.ToLocal?.HalfWidth,
        Differences = s.ToLocal?.BySeed ?? [],
    };
}

/// <summary>Learning curves of a set: the mean over its seeds, evaluation by evaluation.</summary>
internal static class SetCurves
{
    /// <param name="set">Its statistics decide which schemes are shown.</param>
    /// <param name="runs">The folders of its runs, in the order of the seeds.</param>
    public static IEnumerable<ReportFigure> Of(ExperimentSet set, IEnumerable<string> runs)
    {
        RunRecord[] seeds = [.. runs.Select(RunRecord.Read)];
        MetricsLine[] mean =
        [
            .. seeds[0].Metrics.Select(line => (Line: line, All: seeds.Select(seed =>
                seed.Metrics.FirstOrDefault(m => (m.Scheme, m.Iteration, m.Phase) == (line.Scheme, line.Iteration, line.Phase))).ToArray()))
                .Where(e => e.All.All(m => m is not null)).Select(e => Mean(e.Line, e.All!)),
        ];
        if (!mean.Any(m => m.Phase == EvaluationPhase.After)) yield break;
        yield return CurveFigures.Learning(seeds[0] with { Metrics = mean }, $"curves-{set.FileName}", $"Learning curves, {set.Title}",
            $"{set.Title}, {(seeds.Length == 1 ? "" : "mean of ")}{Format.Several(seeds.Length, "seed")}");
    }

    /// <summary>The first seed's line with the mean perplexity of all; which points may be joined is decided by the tokens of the first.</summary>
    private static MetricsLine Mean(MetricsLine first, MetricsLine[] all) => first with { MeanPerplexity = all.Average(m => m.MeanPerplexity) };
}
