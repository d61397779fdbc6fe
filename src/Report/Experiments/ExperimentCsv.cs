namespace LoraCollab.Report.Experiments;

/// <summary>The numbers of an experiment as CSV.</summary>
internal static class ExperimentCsv
{
    private static readonly string[] s_set = ["set", "distribution", "compat", "over", "value"];

    /// <summary>Writes the files and returns their names.</summary>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<SetStatistics> sets)
    {
        Csv.Write(Path.Combine(folder, "runs.csv"), [.. s_set, "seed", "scheme", "mean_perplexity", "mean_loss", "mean_trust_loss", "mean_accuracy",
            "bytes_up", "bytes_down", "seconds"],
            sets.SelectMany(s => s.Set.Runs.Zip(s.Set.Seeds).SelectMany(run => run.First.Schemes.Select(r => (object?[])
                [.. Key(s.Set), run.Second, r.Key, r.Value.MeanPerplexity, r.Value.MeanLoss, r.Value.MeanTrustLoss, r.Value.MeanAccuracy, r.Value.BytesUp,
                    r.Value.BytesDown, r.Value.Seconds]))).Concat(Compared(sets, (key, name, found, _) => (object?[])
                [.. key, name, found.MeanPerplexity, found.MeanLoss, null, found.MeanAccuracy, null, null, null])));
        Csv.Write(Path.Combine(folder, "clients.csv"), [.. s_set, "seed", "scheme", "client", "name", "perplexity", "loss", "trust_loss", "accuracy",
            "left_out"],
            sets.SelectMany(s => s.Set.Runs.Zip(s.Set.Seeds).SelectMany(run => run.First.Schemes.SelectMany(r => r.Value.Clients.Select(c => (object?[])
                [.. Key(s.Set), run.Second, r.Key, c.Id, c.Name, c.Perplexity, c.Loss, c.TrustLoss, c.Accuracy, c.LeftOut]))))
                .Concat(Compared(sets, (key, name, found, clients) => found.ClientLosses.Select((loss, i) => (object?[])
                [.. key, name, i, clients[i], Math.Exp(loss), loss, null, null, null])).SelectMany(rows => rows)));
        Csv.Write(Path.Combine(folder, "differences.csv"), [.. s_set, "scheme", "reference", "mean", "half_width", "p", "adjusted_p", "gain", "harmed"],
            sets.SelectMany(s => s.Rows.SelectMany(scheme =>
                new[] { (StrategyRegistry.Solo, scheme.ToLocal), (StrategyRegistry.Mean, scheme.ToFedAvg) }
                    .Where(d => d.Item2 is not null).Select(d => (object?[])
                [.. Key(s.Set), scheme.Scheme, d.Item1, d.Item2!.Mean, d.Item2.HalfWidth, d.Item2.PValue, d.Item2.AdjustedP, d.Item2.Gain, d.Item2.Harmed]))));
        return ["runs.csv", "clients.csv", "differences.csv"];
    }

    /// <summary>One entry for every comparator of every run: set and seed, name, result, and the names of the clients.</summary>
    private static IEnumerable<T> Compared<T>(IReadOnlyList<SetStatistics> sets, Func<object?[], string, ComparatorSummary, string[], T> row) =>
        sets.SelectMany(s => s.Set.Compared.Zip(s.Set.Seeds).SelectMany(run => run.First.Select(c => row([.. Key(s.Set), run.Second], c.Key, c.Value,
            [.. s.Set.Runs[0].Schemes.Values.First().Clients.Select(client => client.Name)]))));

    private static object?[] Key(ExperimentSet set) => [set.Set, set.Distribution, set.Compat, set.Over, set.Value];
}
