using LoraCollab.Federation;
using LoraCollab.Report.Plots;

namespace LoraCollab.Report.Runs;

/// <summary>What travels: bytes beside perplexity, and one round as a diagram.</summary>
internal static class BytesFigures
{
    public static IEnumerable<ReportFigure> Of(RunRecord run)
    {
        var points = run.Schemes.Select((scheme, style) => (Scheme: scheme, Style: style, Result: run.Summary.Schemes[scheme]))
            .Select(s => (s.Scheme, s.Style, Bytes: s.Result.BytesUp + s.Result.BytesDown, Y: s.Result.MeanPerplexity)).ToArray();
        if (points.All(p => p.Bytes == 0)) yield break;
        yield return new ReportFigure("bytes", "Bytes against perplexity",
            "All that all clients sent and received over the run, as serialised (ledger.jsonl), against the mean perplexity after the last mix. The axis of "
                + "bytes is logarithmic, "
            + "with a place of its own for nothing.",
            path => ChartPicture.Save(path, $"Bytes against perplexity, {RunTitle.Of(run)}", [BytesChart.Of(points)]));
        yield return new ReportFigure("round", "One round",
            "What one client sends and receives in a round, from the last aggregation's lines of ledger.jsonl, mean over clients. Arrows are the thicker the "
                + "more bytes they stand for.",
            path => RoundPicture.Save(path, $"One round, {RunTitle.Of(run)}", "bytes of one client in one round, as serialised",
                [.. run.Schemes.Select((s, i) => Row(run, s, i))]));
    }

    private static RoundRow Row(RunRecord run, string scheme, int style)
    {
        var bytes = RoundBytes.Of(run, scheme);
        if (bytes.Count == 0) return new RoundRow(scheme, style, null, "", null, null);
        bool peers = run.Identity.Options.Exchange == ExchangeModel.Peers;
        bool mixesItself = peers || bytes.Any(b => b.Payload == Payload.Losses
            || (b.Direction == Direction.Down && b.Payload == Payload.Adapter && b.Count > 1));
        var middle = peers ? ("peers", "send likewise") : ("server", mixesItself ? "passes adapters on" : "weighs and mixes");
        return new RoundRow(scheme, style, middle, mixesItself ? "weighs and mixes" : "goes on from it", Arrow(bytes, Direction.Up),
            Arrow(bytes, Direction.Down));
    }

    private static RoundArrow? Arrow(IReadOnlyList<RoundBytes> all, Direction direction)
    {
        var own = all.Where(b => b.Direction == direction).ToArray();
        return own.Length == 0 ? null : new RoundArrow([.. own.Select(Text)], own.Sum(b => b.Bytes));
    }

    /// <summary>"7 adapters, 344,064 B".</summary>
    internal static string Text(RoundBytes bytes)
    {
        string what = bytes.Payload switch
        {
            Payload.Adapter => bytes.Count == 1 ? "adapter" : "adapters",
            Payload.Predictions => bytes.Count == 1 ? "set of predictions" : "sets of predictions",
            Payload.Losses => "list of losses",
            Payload.Moments => bytes.Count == 1 ? "pair of AdamW's moments" : "pairs of AdamW's moments",
            Payload.Correction => bytes.Count == 1 ? "correction of weights" : "adapters to correct weights by",
            var other => $"{other}".ToLowerInvariant(),
        };
        return $"{Format.Fixed(bytes.Count, bytes.Count == Math.Round(bytes.Count) ? 0 : 1)} {what}, {Format.Count(bytes.Bytes)} B";
    }
}
