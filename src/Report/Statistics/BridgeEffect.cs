namespace LoraCollab.Report.Statistics;

/// <summary>What one step did to one scheme.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="MeanLoss">Mean over seeds and clients after the step, nats a token.</param>
/// <param name="Rank">Its place by mean loss among the schemes after the step, from 1; mean over seeds.</param>
/// <param name="Loss">Difference of the loss to the step before, on the same seeds and clients; null at the first.</param>
/// <param name="RankChange">Difference of the rank to the step before, on the same seeds; null at the first.</param>
public sealed record BridgeEffect(string Scheme, double MeanLoss, double Rank, PairedDifference? Loss, PairedDifference? RankChange)
{
    /// <summary>[S]: what <see cref="MeanLoss"/> is the mean of.</summary>
    public required IReadOnlyList<double> LossBySeed { get; init; }

    /// <summary>[S]: what <see cref="Rank"/> is the mean of.</summary>
    public required IReadOnlyList<double> RankBySeed { get; init; }
}
