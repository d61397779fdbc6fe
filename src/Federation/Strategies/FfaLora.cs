namespace LoraCollab.Federation.Strategies;

/// <summary>
/// FFA-LoRA (Sun et al., arXiv:2403.12313): A keeps its shared first value, B alone is trained, sent and averaged, so that mean(B)·A is the exact mean of the
/// updates.
/// </summary>
public sealed class FfaLora() : FedAvgVariant(Declaration)
{
    public static StrategyDeclaration Declaration { get; } = new("ffa", _ => new FfaLora()) { Needs = StrategyNeeds.SharedA };

    public override LocalRule Local => new() { FreezeA = true };
}
