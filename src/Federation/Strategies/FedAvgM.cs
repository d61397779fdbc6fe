namespace LoraCollab.Federation.Strategies;

/// <summary>
/// FedAvgM (Hsu, Qi, Brown, arXiv:1909.06335): the server adds the mean of the clients' changes to a velocity, v ← β·v + Δ, and the velocity to the model,
/// θ ← θ + η·v.
/// </summary>
/// <param name="beta">β; 0 with η = 1 is FedAvg.</param>
/// <param name="rate">η.</param>
public sealed class FedAvgM(double beta, double rate) : ServerStep(Declaration)
{
    private static readonly MethodNumber s_beta = new("fedavgm.beta", 0.2, Least: 0, Most: 0.999), s_rate = new("fedavgm.rate", 1, Least: 0);

    private readonly ServerState _velocity = new("velocity");

    public static StrategyDeclaration Declaration { get; } =
        new("fedavgm", c => new FedAvgM(c.Number(s_beta), c.Number(s_rate))) { Numbers = [s_beta, s_rate] };

    protected override double[] Step(int server, IReadOnlyList<ClientChange> changes)
    {
        var step = Mean(changes);
        var velocity = _velocity.Of(server, step.Length, 0);
        for (int e = 0; e < step.Length; e++)
        {
            velocity[e] = (float)(beta * velocity[e] + step[e]);
            step[e] = rate * velocity[e];
        }
        return step;
    }

    public override void Save(TensorBag bag) => _velocity.Save(bag);

    public override void Load(TensorBag bag) => _velocity.Load(bag);
}
