namespace LoraCollab.Federation.Strategies;

/// <summary>FedProx (Li et al., arXiv:1812.06127): FedAvg whose clients are pulled to the mean they last received, min F_i(θ) + μ/2·‖θ − θ_received‖².</summary>
/// <param name="mu">μ.</param>
public sealed class FedProx(double mu) : IStrategy
{
    private readonly FedAvg _mean = new();

    public string Name => "fedprox";

    public Traffic Traffic => Traffic.Adapters;

    public LocalRule Local => new() { Pull = mu };

    public TrustScores Score(ITrustRound round) => _mean.Score(round);
}
