namespace LoraCollab.Federation.Strategies;

/// <summary>FedAvg (McMahan et al., arXiv:1602.05629) with clients that count alike.</summary>
public sealed class FedAvg() : FedAvgVariant(Declaration)
{
    public static StrategyDeclaration Declaration { get; } = new("fedavg", _ => new FedAvg()) { Role = StrategyRole.Mean };
}
