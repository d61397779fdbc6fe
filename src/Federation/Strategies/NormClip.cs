namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Norm clipping (Sun et al., arXiv:1911.07963): θ ← θ + Σ_j w_j·Δ_j·min(1, C/‖Δ_j‖). Whoever sends a huge change moves the others no more than somebody with
/// a change of norm C would.
/// </summary>
/// <param name="norm">C; 0: the median norm of the round's changes.</param>
public sealed class NormClip(double norm) : IStrategy
{
    private readonly FedAvg _mean = new();

    public string Name => "norm_clip";

    public Traffic Traffic => Traffic.Adapters;

    public bool MixesByWeights => false;

    public TrustScores Score(ITrustRound round) => _mean.Score(round);

    public Mixed Mix(ITrustRound round, TrustMatrix trust) => new(ClientChange.Receive(round, trust, (_, changes) =>
    {
        double[] norms = [.. changes.Select(c => Math.Sqrt(DotProduct.Of(c.Values, c.Values)))];
        double most = norm > 0 ? norm : ScoreMatrix.Median(norms);
        return ClientChange.Mean([.. changes.Select((c, k) => norms[k] > most ? c with { Weight = c.Weight * most / norms[k] } : c)]);
    }));
}
