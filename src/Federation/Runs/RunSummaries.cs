namespace LoraCollab.Federation.Runs;

/// <summary>Puts summaries together from what a run has measured.</summary>
internal static class RunSummaries
{
    public static SchemeSummary OfScheme(CollaborationOptions options, FederatedData data, RunProgress progress, IReadOnlyList<double> trustLosses, int aggregations)
    {
        var (totals, after) = (progress.Totals, progress.Totals.After!);
        var leftOut = LeftOut.Of(options, after.Count, totals.Excluded);
        ClientMetrics[] Counted(IReadOnlyList<ClientMetrics> clients) => [.. clients.Where(c => leftOut?.ContainsKey(c.Id) != true)];
        double seen = (double)options.Iterations * options.BatchSize * options.AccumulationSteps * options.SequenceLength;
        return new SchemeSummary
        {
            MeanPerplexity = Counted(after).Average(c => c.Perplexity),
            MeanPerplexityBefore = totals.Before is { } p ? Counted(p).Average(c => c.Perplexity) : null,
            MeanLoss = Counted(after).Average(c => c.Loss),
            MeanLossBefore = totals.Before is { } l ? Counted(l).Average(c => c.Loss) : null,
            MeanTrustLoss = Counted(after).Average(c => trustLosses[c.Id]),
            MeanAccuracy = Counted(after).Average(c => c.Accuracy),
            Clients = [.. after.Select((c, i) => new ClientResult(
                i, data.Clients[i].Name, data.Clients[i].Shares, c.Perplexity, c.Loss, c.Accuracy, totals.Before?[i].Perplexity, trustLosses[i],
                data.Clients[i].Train.Length, leftOut?.GetValueOrDefault(i)))],
            Excluded = totals.Excluded,
            LargestUpload = totals.LargestUpload,
            Trust = totals.Trust!,
            Aggregations = aggregations,
            BytesUp = totals.BytesUp,
            BytesDown = totals.BytesDown,
            Privacy = PrivacyStatement.Of(options, aggregations),
            Epochs = data.Clients.Average(c => seen / c.Train.Length),
            TrustEvaluations = totals.TrustEvaluations,
            Seconds = progress.SharedSeconds + totals.Seconds,
        };
    }

    public static RunSummary OfRun(Collaboration collaboration, CollaborationInputs inputs, RunProgress progress)
    {
        var options = collaboration.Options;
        return new RunSummary
        {
            RunId = collaboration.Identity.Id(),
            Compat = options.Compat.ToString(),
            Seed = options.Seed,
            Model = inputs.ModelName,
            Data = inputs.Data.Manifest.Data,
            Distribution = inputs.Data.Manifest.Distribution,
            Clients = inputs.Data.Clients.Count,
            Attackers = Attack.Attackers(options, inputs.Data.Clients.Count).ToArray() is { Length: > 0 } attackers ? attackers : null,
            Absent = options.Absent,
            Backend = inputs.Backend.Kind,
            Iterations = options.Iterations,
            PretrainingOverlap = inputs.Data.Manifest.PretrainingOverlap,
            BasePerplexity = progress.Base!.MeanPerplexity,
            BaseLoss = progress.Base.MeanLoss,
            Schemes = options.Schemes.ToDictionary(s => s, s => progress.Finished[s]),
            Seconds = progress.Seconds,
        };
    }
}
