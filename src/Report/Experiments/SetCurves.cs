namespace LoraCollab.Report.Experiments;

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
        yield return CurveFigures.Learning(seeds[0] with { Metrics = mean }, $"curves-{SetName.Of(set)}", $"Learning curves, {set.Title}",
            $"{set.Title}, {(seeds.Length == 1 ? "" : "mean of ")}{Format.Several(seeds.Length, "seed")}");
    }

    /// <summary>The first seed's line with the mean perplexity of all; which points may be joined is decided by the tokens of the first.</summary>
    private static MetricsLine Mean(MetricsLine first, MetricsLine[] all) => first with { MeanPerplexity = all.Average(m => m.MeanPerplexity) };
}
