namespace LoraCollab.Report.Runs;

/// <summary>The tables of a run: for the page as people read them, and whole as CSV.</summary>
internal static class RunTables
{
    public static PageBlock.Table Result(RunRecord run)
    {
        var rows = new List<string[]> { Row("base model", after: Format.Perplexity(run.Summary.BasePerplexity)) };
        foreach (var (scheme, s) in run.Summary.Schemes)
        {
            var worst = s.Counted.MaxBy(c => c.Perplexity)!;
            rows.Add(Row(
                scheme + ResultNotes.Mark(s), s.MeanPerplexityBefore is { } before ? Format.Perplexity(before) : "", Format.Perplexity(s.MeanPerplexity),
                $"{Format.Perplexity(worst.Perplexity)} ({worst.Name})",
                Format.Percent(s.MeanAccuracy), Harmed(run, s.LossByClient, scheme), Format.Fixed(s.Epochs, 1), Bytes(s.BytesUp), Bytes(s.BytesDown),
                    $"{s.TrustEvaluations}",
                Format.Duration(TimeSpan.FromSeconds(s.Seconds))));
        }
        foreach (var (name, found) in run.Comparators)
            rows.Add(Row(name.Replace('_', ' '), "", Format.Perplexity(found.MeanPerplexity),
                Format.Perplexity(Math.Exp(run.Summary.LossByClient(found).Values.Max())),
                Format.Percent(found.MeanAccuracy),
                Harmed(run, run.Summary.LossByClient(found), name)));
        return new(["", "before the last mix", "after", "worst client", "accuracy", "harmed", "epochs", "sent", "received", "evaluations for trust", "time"],
            rows);
    }

    public static PageBlock.Table Clients(RunRecord run)
    {
        var labels = TrustHeatmap.Labels(run.Manifest);
        bool categories = run.Manifest.Categories.Count > 0;
        return new(["client", .. categories ? (string[])["mostly"] : [], .. run.Schemes], [.. run.Manifest.Clients.Select((client, i) =>
            (string[])[client.Name, .. categories ? (string[])[labels[i]] : [],
                .. run.Schemes.Select(s => Of(run.Summary.Schemes[s].Clients[i]))])]);

        static string Of(ClientResult client) => Format.Perplexity(client.Perplexity) + (client.LeftOut is null ? "" : " **");
    }

    /// <summary>Who took part in the aggregations that not everybody took part in.</summary>
    public static PageBlock.Table TookPart(RunRecord run) => new(["aggregation", "iteration", "schemes", "took part", "silent or excluded"],
    [
        .. run.Trust.Where(t => t.Absent is not null).GroupBy(t => (t.Round, t.Iteration, Absent: Names(run, t.Absent!))).OrderBy(g => g.Key.Iteration)
            .Select(g => (string[])
            [
                $"{g.Key.Round}", $"{g.Key.Iteration}", string.Join(", ", g.Select(t => t.Scheme)), Names(run, g.First().TookPart().Present), g.Key.Absent,
            ]),
    ]);

    private static string Names(RunRecord run, IEnumerable<int> clients) => string.Join(", ", clients.Select(i => run.Manifest.Clients[i].Name));

    /// <summary>The first, the second and the last aggregation of every scheme.</summary>
    public static PageBlock.Table Rounds(RunRecord run, IReadOnlyList<RoundStatistics> rounds)
    {
        bool categories = run.Manifest.Categories.Count > 0;
        var rows = rounds.GroupBy(r => r.Scheme).SelectMany(g => g.Where((_, k) => k < 2 || k == g.Count() - 1)).Select(r => (string[])
        [
            r.Scheme, $"{r.Round}", $"{r.Iteration}", Format.Fixed(r.Trust.Entropy, 3), Format.Fixed(r.Trust.EffectiveNeighbours),
                Format.Fixed(r.Trust.SelfWeight, 3),
            .. categories ? (string[])[Format.Fixed(r.Trust.InsideCategory, 3), Format.Fixed(r.Trust.TheoreticalDistance ?? double.NaN, 3)] : [],
            Format.Fixed(r.Residual, 3), Format.Percent(r.ResidualRelative),
        ]);
        return new(["", "aggregation", "iteration", "entropy", "effective neighbours", "self", .. categories ? (string[])["own category", "to theoretical"]
            : [], "residual", "relative"], [.. rows]);
    }

    /// <summary>Writes the CSV files and returns their names.</summary>
    public static IReadOnlyList<string> Write(string folder, RunRecord run, IReadOnlyList<RoundStatistics> rounds)
    {
        string[] names = [.. run.Manifest.Clients.Select(c => c.Name)];
        Csv.Write(Path.Combine(folder, "schemes.csv"), ["scheme", "mean_perplexity", "mean_perplexity_before", "mean_loss", "mean_trust_loss",
            "mean_accuracy", "aggregations", "bytes_up", "bytes_down", "epochs", "seconds"],
            run.Summary.Schemes.Select(s => (object?[])[s.Key, s.Value.MeanPerplexity, s.Value.MeanPerplexityBefore, s.Value.MeanLoss, s.Value.MeanTrustLoss,
                s.Value.MeanAccuracy, s.Value.Aggregations,
                s.Value.BytesUp, s.Value.BytesDown, s.Value.Epochs, s.Value.Seconds]));
        Csv.Write(Path.Combine(folder, "clients.csv"), ["scheme", "client", "name", "perplexity", "perplexity_before", "loss", "trust_loss", "accuracy",
            "train_tokens", "left_out"],
            run.Summary.Schemes.SelectMany(s => s.Value.Clients.Select(c =>
                (object?[])[s.Key, c.Id, c.Name, c.Perplexity, c.PerplexityBefore, c.Loss, c.TrustLoss, c.Accuracy, c.TrainTokens, c.LeftOut])));
        Csv.Write(Path.Combine(folder, "metrics.csv"), ["scheme", "iteration", "phase", "client", "name", "loss", "perplexity", "accuracy", "train_loss",
            "drift", "tokens"],
            run.Metrics.SelectMany(m => m.Clients.Select(c =>
                (object?[])[m.Scheme, m.Iteration, m.Phase, c.Id, names[c.Id], c.Loss, c.Perplexity, c.Accuracy, c.TrainLoss, c.Drift, c.Tokens])));
        Csv.Write(Path.Combine(folder, "trust.csv"), ["scheme", "round", "iteration", "client", "other", "score", "weight"],
            run.Trust.SelectMany(t => t.Weights.SelectMany((row, i) =>
                row.Select((w, j) => (object?[])[t.Scheme, t.Round, t.Iteration, i, j, t.Scores[i][j], w]))));
        Csv.Write(Path.Combine(folder, "rounds.csv"), ["scheme", "round", "iteration", "entropy", "effective_neighbours", "self_weight", "inside_category",
            "theoretical_distance", "residual", "residual_relative"],
            rounds.Select(r => (object?[])[r.Scheme, r.Round, r.Iteration, r.Trust.Entropy, r.Trust.EffectiveNeighbours, r.Trust.SelfWeight,
                run.Manifest.Categories.Count > 0 ? r.Trust.InsideCategory : null,
                r.Trust.TheoreticalDistance, r.Residual, r.ResidualRelative]));
        Csv.Write(Path.Combine(folder, "ledger.csv"), ["scheme", "iteration", "client", "direction", "payload", "count", "bytes"],
            run.Ledger.Select(e => (object?[])[e.Scheme, e.Iteration, e.Client, e.Direction, e.Payload, e.Count, e.Bytes]));
        return ["schemes.csv", "clients.csv", "metrics.csv", "trust.csv", "rounds.csv", "ledger.csv"];
    }

    /// <summary>Share of the clients that fare worse than under Local.</summary>
    private static string Harmed(RunRecord run, IReadOnlyDictionary<int, double> losses, string scheme) =>
        scheme != StrategyRegistry.Solo && run.Summary.Schemes.GetValueOrDefault(StrategyRegistry.Solo) is { } local
            ? Format.Percent(losses.Where(l => local.LossByClient.ContainsKey(l.Key)).Average(l => l.Value > local.LossByClient[l.Key] ? 1.0 : 0), 0) : "";

    private static string[] Row(string name, string before = "", string after = "", string worst = "", string accuracy = "", string harmed = "",
        string epochs = "", string sent = "", string received = "",
        string evaluations = "", string time = "") => [name, before, after, worst, accuracy, harmed, epochs, sent, received, evaluations, time];

    private static string Bytes(long bytes) => bytes == 0 ? "" : Format.Bytes(bytes);
}
