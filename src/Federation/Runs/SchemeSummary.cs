using System.Text.Json.Serialization;

namespace LoraCollab.Federation.Runs;

/// <summary>The result of one scheme. Means are over the clients that count.</summary>
public sealed record SchemeSummary
{
    /// <summary>Mean over clients of exp(report-validation loss), after the last mix.</summary>
    public required double MeanPerplexity { get; init; }

    /// <summary>The same just before it; null where only the time after is evaluated (trap 19 = paper).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? MeanPerplexityBefore { get; init; }

    public required double MeanLoss { get; init; }

    public double? MeanLossBefore { get; init; }

    /// <summary>Mean loss on the clients' trust-validation text, after the last mix: hyper-parameters are chosen by it, never by the reported loss.</summary>
    public required double MeanTrustLoss { get; init; }

    public required double MeanAccuracy { get; init; }

    /// <summary>[N]: of all clients.</summary>
    public required IReadOnlyList<ClientResult> Clients { get; init; }

    /// <summary>Those that count.</summary>
    [JsonIgnore]
    public IEnumerable<ClientResult> Counted => Clients.Where(c => c.LeftOut is null);

    /// <summary>Their losses by client.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<int, double> LossByClient => Counted.ToDictionary(c => c.Id, c => c.Loss);

    /// <summary>Clients that take no more part, in the order in which they were excluded; null: none.</summary>
    public IReadOnlyList<Exclusion>? Excluded { get; init; }

    /// <summary>
    /// The largest norm of a change that was sent, over the median of its round and over the rounds it is of (more than one after silence), of all uploads
    /// that passed the check; null where nothing was checked.
    /// </summary>
    public double? LargestUpload { get; init; }

    /// <summary>[N][N]: the last W.</summary>
    public required double[][] Trust { get; init; }

    /// <summary>How many times the clients mixed.</summary>
    public required int Aggregations { get; init; }

    /// <summary>All clients' uploads over the run.</summary>
    public required long BytesUp { get; init; }

    public required long BytesDown { get; init; }

    /// <summary>What noise on uploads protects; null where there is none.</summary>
    public PrivacyStatement? Privacy { get; init; }

    /// <summary>Passes over its training text a client made, on average.</summary>
    public required double Epochs { get; init; }

    /// <summary>Evaluations of a model on a client's text that trust asked for.</summary>
    public required long TrustEvaluations { get; init; }

    /// <summary>Wall time, the shared iterations included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Of a scheme that has run to its end.</summary>
    internal static SchemeSummary Of(
        CollaborationOptions options, FederatedData data, RunProgress progress, IReadOnlyList<double> trustLosses, int aggregations)
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
}

/// <summary>One client's result under one scheme.</summary>
/// <param name="Id">The client's number.</param>
/// <param name="Name">Its name in the data.</param>
/// <param name="Shares">Its token shares over the categories; empty without categories.</param>
/// <param name="Perplexity">exp of the loss after the last mix.</param>
/// <param name="Loss">Nats a token on its report-validation text, after the last mix.</param>
/// <param name="Accuracy">Next-token accuracy there.</param>
/// <param name="PerplexityBefore">Just before the last mix; null where not evaluated.</param>
/// <param name="TrustLoss">Nats a token on its whole trust-validation text, after the last mix: what hyper-parameters are chosen by.</param>
/// <param name="TrainTokens">Tokens of training text it holds.</param>
/// <param name="LeftOut">Why it counts in no mean: it attacks, or is excluded; null: it counts.</param>
public sealed record ClientResult(
    int Id, string Name, IReadOnlyList<double> Shares, double Perplexity, double Loss, double Accuracy, double? PerplexityBefore, double TrustLoss,
    int TrainTokens, string? LeftOut = null)
{
    /// <summary>The same with words as tables show them: whoever wrote them.</summary>
    internal ClientResult Named() => this with { Name = ForeignText.Name(Name), LeftOut = LeftOut is null ? null : ForeignText.Shown(LeftOut) };
}
