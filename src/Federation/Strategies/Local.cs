namespace LoraCollab.Federation.Strategies;

/// <summary>Everyone on their own: W = I, and no aggregation happens.</summary>
public sealed class Local : IStrategy
{
    public string Name => "local";

    public Traffic Traffic => Traffic.None;

    public TrustScores Score(ITrustRound round) => new(ScoreMatrix.Fill(round.Clients, (i, j) => i == j ? 1 : 0), TrustNormalisation.Proportional);
}
