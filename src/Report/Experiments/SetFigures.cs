namespace LoraCollab.Report.Experiments;

/// <summary>Pictures of one set over all its seeds.</summary>
internal static class SetFigures
{
    /// <param name="set">Its statistics.</param>
    public static IEnumerable<ReportFigure> Of(SetStatistics set)
    {
        string name = SetName.Of(set.Set), seeds = Format.Several(set.Set.Seeds.Count, "seed");
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
