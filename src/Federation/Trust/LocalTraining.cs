namespace LoraCollab.Federation;

/// <summary>Everyone on their own: W = I, and no aggregation happens.</summary>
public sealed class LocalTraining : ITrustScheme
{
    public string Name => "local";

    public Exchange Exchange => Exchange.None;

    public TrustScores Score(ITrustRound round) => new(ScoreMatrix.Fill(round.Clients, (i, j) => i == j ? 1 : 0), TrustNormalisation.Proportional);
}
