namespace LoraCollab.Federation.Runs;

/// <summary>One line of metrics.jsonl: all clients evaluated at one moment.</summary>
/// <param name="Scheme">The scheme; "base" for the model without adapters.</param>
/// <param name="Iteration">Steps done.</param>
/// <param name="Phase">Where in the round.</param>
/// <param name="MeanLoss">Mean of the loss over the clients that count.</param>
/// <param name="MeanPerplexity">The same of the perplexity.</param>
/// <param name="MeanAccuracy">The same of the accuracy.</param>
/// <param name="Clients">Each of all clients.</param>
public sealed record MetricsLine(
    string Scheme, int Iteration, EvaluationPhase Phase, double MeanLoss, double MeanPerplexity, double MeanAccuracy, IReadOnlyList<ClientMetrics> Clients)
{
    /// <summary>Numbers of clients that count in no mean: attackers, and who is excluded; null: none.</summary>
    public IReadOnlyList<int>? LeftOut { get; init; }

    public static MetricsLine Of(
        string scheme, int iteration, EvaluationPhase phase, IReadOnlyList<ClientMetrics> clients, IReadOnlyCollection<int>? leftOut = null)
    {
        ClientMetrics[] counted = [.. clients.Where(c => leftOut?.Contains(c.Id) != true)];
        return new(scheme, iteration, phase, counted.Average(c => c.Loss), counted.Average(c => c.Perplexity), counted.Average(c => c.Accuracy), clients)
        {
            LeftOut = leftOut is null ? null : [.. leftOut],
        };
    }
}

/// <summary>When an evaluation happened.</summary>
public enum EvaluationPhase
{
    /// <summary>Before any training.</summary>
    Base,

    /// <summary>Just before an aggregation.</summary>
    Before,

    /// <summary>Just after it.</summary>
    After,
}
