namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Ditto (Li et al., arXiv:2012.04221): beside the shared adapter, which is FedAvg's, every client trains its own, min F_i(v) + λ/2·‖v − θ_shared‖².
/// Its own is the one that is reported. Twice the training of FedAvg from the first aggregation on, before which both are one.
/// </summary>
/// <param name="lambda">λ; 0 is Local.</param>
public sealed class Ditto(double lambda) : FedAvgVariant(Declaration)
{
    private static readonly MethodNumber s_lambda = new("ditto.lambda", 0.01, Least: 0);

    public static StrategyDeclaration Declaration { get; } = new("ditto", c => new Ditto(c.Number(s_lambda))) { Numbers = [s_lambda] };

    public override LocalRule Local => new() { TrainsShared = true, Pull = lambda };
}
