namespace LoraCollab.Federation.Strategies;

/// <summary>
/// FedProx (Li et al., arXiv:1812.06127): FedAvg whose clients are pulled to the mean they last received, min F_i(θ) + μ/2·‖θ − θ_received‖².
/// </summary>
/// <param name="mu">μ.</param>
public sealed class FedProx(double mu) : FedAvgVariant(Declaration)
{
    private static readonly MethodNumber s_mu = new("fedprox.mu", 0.01, Least: 0);

    public static StrategyDeclaration Declaration { get; } = new("fedprox", c => new FedProx(c.Number(s_mu))) { Numbers = [s_mu] };

    public override LocalRule Local => new() { Pull = mu };
}
