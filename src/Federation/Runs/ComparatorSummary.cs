namespace LoraCollab.Federation.Runs;

/// <summary>The result of a comparator.</summary>
/// <param name="MeanLoss">Mean over clients of the report-validation loss in nats.</param>
/// <param name="MeanPerplexity">Mean over clients of its exp.</param>
/// <param name="MeanAccuracy">Mean over clients of the next-token accuracy.</param>
/// <param name="ClientLosses">[N].</param>
/// <param name="Steps">AdamW steps of each adapter, where the file tells; fine-tuning comes after the run's own.</param>
public sealed record ComparatorSummary(double MeanLoss, double MeanPerplexity, double MeanAccuracy, IReadOnlyList<double> ClientLosses, int? Steps = null);

/// <summary>Names of the comparators: what is trained beside the schemes.</summary>
public static class ComparatorNames
{
    /// <summary>Pooled(category): one adapter for the clients of each main category, on their training text together.</summary>
    public const string PooledCategory = "pooled_category";

    /// <summary>Pooled(all): one adapter for everybody.</summary>
    public const string PooledAll = "pooled_all";

    /// <summary>Pooled(all) with N times the steps, the schedule stretched: as many epochs as a client makes of its own text.</summary>
    public const string PooledAllEpochs = "pooled_all_epochs";

    /// <summary>Each client alone on its training and its trust-validation text, which scheme 2 has to choose by.</summary>
    public const string LocalWithTrustText = "local_with_trust_text";

    /// <summary>Each client alone on its training text and the public text, which scheme 3 has.</summary>
    public const string LocalWithPublicText = "local_with_public_text";

    /// <summary>
    /// From FedAvg's last adapters, each client alone for a third as many steps as the run has, rounded up, at a constant rate: the last of the run's
    /// schedule.
    /// </summary>
    public const string FedAvgFineTuned = "fedavg_finetuned";

    public static IReadOnlyList<string> All { get; } = [PooledCategory, PooledAll, PooledAllEpochs, LocalWithTrustText, LocalWithPublicText, FedAvgFineTuned];
}
