namespace LoraCollab.Federation.Strategies;

/// <summary>
/// FedFomo (Zhang et al., arXiv:2012.08565): θ_i ← θ_i⁰ + Σ_j w_ij(θ_j − θ_i⁰), w_ij ∝ max(0, (L_i(θ_i⁰) − L_i(θ_j)) / ‖θ_j −
/// θ_i⁰‖), where θ_i⁰ is what client i received last and L_i its trust-validation loss. Rows sum to 1, so that this is Σ_j w_ij θ_j. A client for
/// whom no adapter is better than θ_i⁰ keeps its own; the paper's formula would go back to θ_i⁰.
/// </summary>
public sealed class FedFomo() : Strategy(Declaration)
{
    public static StrategyDeclaration Declaration { get; } =
        new("fedfomo", _ => new FedFomo()) { Traffic = Traffic.Adapters | Traffic.PeerAdapters | Traffic.Losses };

    public override RoundCost Cost(int clients) => new(JudgesPeers: true);

    public override TrustScores Score(ITrustRound round)
    {
        var losses = round.ValidationLosses();
        double[] before = round.Losses([.. round.Anchors.Select((anchor, i) => (i, anchor))], ClientText.TrustValidation);
        var scores = ScoreMatrix.Fill(round.Clients, (i, j) =>
        {
            double distance = Math.Sqrt(ParameterSpace.SquaredDistance(round.Adapters[j], round.Anchors[i]));
            return distance == 0 ? 0 : Math.Max(0, (before[i] - losses.Mean[i][j]) / distance);
        });
        return new TrustScores(scores, TrustNormalisation.Proportional) { Loss = losses.Mean, LossDifferenceError = losses.DifferenceError };
    }
}
