namespace LoraCollab.Federation.Strategies;

/// <summary>Everyone on their own: W = I, and no aggregation happens.</summary>
public sealed class Local() : Strategy(Declaration)
{
    public static StrategyDeclaration Declaration { get; } = new("local", _ => new Local()) { Role = StrategyRole.Solo, Traffic = Traffic.None };

    public override TrustScores Score(ITrustRound round) => new(ScoreMatrix.Fill(round.Clients, (i, j) => i == j ? 1 : 0), TrustNormalisation.Proportional);
}
