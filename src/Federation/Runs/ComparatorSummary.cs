namespace LoraCollab.Federation.Runs;

/// <summary>The result of a comparator.</summary>
/// <param name="MeanLoss">Mean over clients of the report-validation loss in nats.</param>
/// <param name="MeanPerplexity">Mean over clients of its exp.</param>
/// <param name="MeanAccuracy">Mean over clients of the next-token accuracy.</param>
/// <param name="ClientLosses">[N].</param>
/// <param name="Steps">AdamW steps of each adapter, where the file tells; fine-tuning comes after the run's own.</param>
public sealed record ComparatorSummary(double MeanLoss, double MeanPerplexity, double MeanAccuracy, IReadOnlyList<double> ClientLosses, int? Steps = null);
