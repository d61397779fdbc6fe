namespace LoraCollab.Federation.Strategies;

/// <summary>FedAvg as published (McMahan et al., arXiv:1602.05629): w_ij in proportion to the training tokens that client j holds.</summary>
public sealed class FedAvgTokens() : Strategy(Declaration)
{
    public static StrategyDeclaration Declaration { get; } = new("fedavg_tokens", _ => new FedAvgTokens());

    public override TrustScores Score(ITrustRound round) =>
        new(ScoreMatrix.Fill(round.Clients, (_, j) => round.TrainTokens[j]), TrustNormalisation.Proportional);
}
