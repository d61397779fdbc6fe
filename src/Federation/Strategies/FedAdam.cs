namespace LoraCollab.Federation.Strategies;

/// <summary>
/// FedAdam (Reddi et al., arXiv:2003.00295): the mean of the clients' changes Δ is the server's gradient, m ← β₁m + (1 − β₁)Δ, v ← β₂v + (1
/// − β₂)Δ², θ ← θ + η·m/(√v + τ), from m = 0 and v = τ², without bias correction, as published.
/// </summary>
/// <param name="rate">η: about what a number moves by in a round, whatever the size of Δ.</param>
/// <param name="beta1">β₁.</param>
/// <param name="beta2">β₂.</param>
/// <param name="tau">τ: how small a change counts as none.</param>
public sealed class FedAdam(double rate, double beta1, double beta2, double tau) : ServerStep(Declaration)
{
    private static readonly MethodNumber s_rate = new("fedadam.rate", 0.01, Least: 0), s_beta1 = new("fedadam.beta1", 0.9, Least: 0, Most: 0.999),
        s_beta2 = new("fedadam.beta2", 0.99, Least: 0, Most: 0.9999), s_tau = new("fedadam.tau", 1e-3, Least: 1e-9);

    private readonly ServerState _m = new("m"), _v = new("v");

    public static StrategyDeclaration Declaration { get; } =
        new("fedadam", c => new FedAdam(c.Number(s_rate), c.Number(s_beta1), c.Number(s_beta2), c.Number(s_tau)))
        { Numbers = [s_rate, s_beta1, s_beta2, s_tau] };

    protected override double[] Step(int server, IReadOnlyList<ClientChange> changes)
    {
        var step = Mean(changes);
        var (m, v) = (_m.Of(server, step.Length, 0), _v.Of(server, step.Length, (float)(tau * tau)));
        for (int e = 0; e < step.Length; e++)
        {
            m[e] = (float)(beta1 * m[e] + (1 - beta1) * step[e]);
            v[e] = (float)(beta2 * v[e] + (1 - beta2) * step[e] * step[e]);
            step[e] = rate * m[e] / (Math.Sqrt(v[e]) + tau);
        }
        return step;
    }

    public override void Save(TensorBag bag)
    {
        _m.Save(bag);
        _v.Save(bag);
    }

    public override void Load(TensorBag bag)
    {
        _m.Load(bag);
        _v.Load(bag);
    }
}
