namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Coordinate-wise median of the clients' changes (Yin et al., arXiv:1803.01498): the middle value of every number, or the mean of the two middle ones.
/// </summary>
public sealed class CoordinateMedian : IStrategy
{
    private readonly FedAvg _mean = new();

    public string Name => "median";

    public Traffic Traffic => Traffic.Adapters;

    public bool MixesByWeights => false;

    public TrustScores Score(ITrustRound round) => _mean.Score(round);

    public Mixed Mix(ITrustRound round, TrustMatrix trust) =>
        new(ClientChange.Receive(round, trust, (_, changes) => TrimmedMean.Of(changes, (changes.Count - 1) / 2)));
}
