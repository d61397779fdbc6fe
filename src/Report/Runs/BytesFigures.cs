namespace LoraCollab.Report.Runs;

/// <summary>What travels: bytes beside perplexity, and one round as a diagram.</summary>
internal static class BytesFigures
{
    public static IEnumerable<ReportFigure> Of(RunRecord run)
    {
        var points = run.Schemes.Select(scheme => (Scheme: scheme, Style: SchemeStyle.Of(scheme), Result: run.Summary.Schemes[scheme]))
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
                [.. run.Schemes.Select(s => Row(run, s))]));
    }

    private static RoundRow Row(RunRecord run, string scheme)
    {
        var bytes = RoundBytes.Of(run, scheme);
        if (bytes.Count == 0) return new RoundRow(scheme, SchemeStyle.Of(scheme), null, "", null, null);
        var (who, does, client) = Roles(scheme, bytes, run.Identity.Options.Exchange == ExchangeModel.Peers);
        return new RoundRow(scheme, SchemeStyle.Of(scheme), (who, does), client, Arrow(bytes, Direction.Up), Arrow(bytes, Direction.Down));
    }

    /// <summary>Who stands in the middle, what it does, and what the client does at the end.</summary>
    internal static (string Who, string Does, string Client) Roles(string scheme, IReadOnlyList<RoundBytes> bytes, bool peers)
    {
        if (peers) return ("peers", "send likewise", "weighs and mixes");
        // Several models come down here too, but the clients have no say in how they are made.
        if (StrategyRegistry.Find(scheme)?.Traffic.HasFlag(Traffic.ServerModels) == true) return ("server", "averages clusters", "takes the best model");
        bool mixesItself = bytes.Any(b => b.Payload is Payload.Losses or Payload.Gradient
            || (b.Direction == Direction.Down && b.Payload == Payload.Adapter && b.Count > 1));
        return mixesItself ? ("server", "passes adapters on", "weighs and mixes") : ("server", "weighs and mixes", "goes on from it");
    }

    private static RoundArrow? Arrow(IReadOnlyList<RoundBytes> all, Direction direction)
    {
        var own = all.Where(b => b.Direction == direction).ToArray();
        return own.Length == 0 ? null : new RoundArrow([.. own.Select(Text)], own.Sum(b => b.Bytes));
    }

    /// <summary>"7 adapters, 344,064 B".</summary>
    internal static string Text(RoundBytes bytes)
    {
        var (one, more) = bytes.Payload switch
        {
            Payload.Adapter => ("adapter", "adapters"),
            Payload.Predictions => ("set of predictions", "sets of predictions"),
            Payload.Losses => ("list of losses", "lists of losses"),
            Payload.Moments => ("pair of AdamW's moments", "pairs of AdamW's moments"),
            Payload.Gradient => ("gradient", "gradients"),
            Payload.Correction => ("correction of weights", "adapters to correct weights by"),
            var other => throw new InvalidOperationException($"no words for {other}"),
        };
        string count = Format.Fixed(bytes.Count, bytes.Count == Math.Round(bytes.Count) ? 0 : 1);
        return $"{count} {(bytes.Count == 1 ? one : more)}, {Format.Count(bytes.Bytes)} B";
    }
}

/// <summary>What a client sends or receives in one round of a scheme, from the ledger's lines of its last aggregation: the mean over clients.</summary>
/// <param name="Payload">What it is.</param>
/// <param name="Direction">Seen from the client.</param>
/// <param name="Count">How many of them.</param>
/// <param name="Bytes">What they take together.</param>
public sealed record RoundBytes(Payload Payload, Direction Direction, double Count, double Bytes)
{
    /// <summary>All payloads of a scheme, those that go up first; none where nothing is sent.</summary>
    public static IReadOnlyList<RoundBytes> Of(RunRecord run, string scheme)
    {
        var lines = run.Ledger.Where(e => e.Scheme == scheme).ToArray();
        if (lines.Length == 0) return [];
        int last = lines.Max(e => e.Iteration), clients = run.Manifest.Clients.Count;
        return
        [
            .. lines.Where(e => e.Iteration == last).GroupBy(e => (e.Direction, e.Payload)).OrderBy(g => g.Key.Direction).ThenBy(g => g.Key.Payload)
                .Select(g => new RoundBytes(g.Key.Payload, g.Key.Direction, g.Sum(e => (double)e.Count) / clients, g.Sum(e => (double)e.Bytes) / clients)),
        ];
    }
}
