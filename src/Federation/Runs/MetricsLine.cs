namespace LoraCollab.Federation;

/// <summary>One line of metrics.jsonl: all clients evaluated at one moment.</summary>
/// <param name="Scheme">The scheme; "base" for the model without adapters.</param>
/// <param name="Iteration">Steps done.</param>
/// <param name="Phase">Where in the round.</param>
/// <param name="MeanLoss">Mean over clients of the loss.</param>
/// <param name="MeanPerplexity">Mean over clients of the perplexity.</param>
/// <param name="MeanAccuracy">Mean over clients of the accuracy.</param>
/// <param name="Clients">Each of them.</param>
public sealed record MetricsLine(string Scheme, int Iteration, EvaluationPhase Phase, double MeanLoss, double MeanPerplexity, double MeanAccuracy, IReadOnlyList<ClientMetrics> Clients)
{
    public static MetricsLine Of(string scheme, int iteration, EvaluationPhase phase, IReadOnlyList<ClientMetrics> clients) =>
        new(scheme, iteration, phase, clients.Average(c => c.Loss), clients.Average(c => c.Perplexity), clients.Average(c => c.Accuracy), clients);
}
