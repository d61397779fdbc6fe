namespace LoraCollab.Federation.Strategies;

/// <summary>Scheme 2: s_ij = −(loss of model j on client i's trust-validation text), or −exp of it. Every peer's adapter travels to every client.</summary>
public sealed class ValidationPerformance(ValidationForm form = ValidationForm.Loss) : IStrategy
{
    public string Name => "validation";

    public Traffic Traffic => Traffic.AllAdapters;

    public TrustScores Score(ITrustRound round)
    {
        var losses = round.ValidationLosses();
        var scores = ScoreMatrix.Fill(round.Clients, (i, j) => form == ValidationForm.Loss ? -losses.Mean[i][j] : -Math.Exp(losses.Mean[i][j]));
        return new TrustScores(scores, TrustNormalisation.Softmax) { Loss = losses.Mean, LossDifferenceError = losses.DifferenceError };
    }
}
