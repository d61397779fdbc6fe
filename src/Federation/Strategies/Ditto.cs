namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Ditto (Li et al., arXiv:2012.04221): beside the shared adapter, which is FedAvg's, every client trains its own, min F_i(v) + λ/2·‖v − θ_shared‖². Its
/// own is the one that is reported. Twice the training of FedAvg from the first aggregation on, before which both are one.
/// </summary>
/// <param name="lambda">λ; 0 is Local.</param>
public sealed class Ditto(double lambda) : IStrategy
{
    private readonly FedAvg _mean = new();

    public string Name => "ditto";

    public Traffic Traffic => Traffic.Adapters;

    public LocalRule Local => new() { TrainsShared = true, Pull = lambda };

    public TrustScores Score(ITrustRound round) => _mean.Score(round);
}
