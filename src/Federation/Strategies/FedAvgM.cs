namespace LoraCollab.Federation.Strategies;

/// <summary>
/// FedAvgM (Hsu, Qi, Brown, arXiv:1909.06335): the server adds the mean of the clients' changes to a velocity, v ← β·v + Δ, and the velocity to the model, θ
/// ← θ + η·v.
/// </summary>
/// <param name="beta">β; 0 with η = 1 is FedAvg.</param>
/// <param name="rate">η.</param>
public sealed class FedAvgM(double beta, double rate) : IStrategy
{
    private readonly FedAvg _mean = new();
    private readonly ServerState _velocity = new("velocity");

    public string Name => "fedavgm";

    public Traffic Traffic => Traffic.Adapters;

    public bool MixesByWeights => false;

    public TrustScores Score(ITrustRound round) => _mean.Score(round);

    public Mixed Mix(ITrustRound round, TrustMatrix trust) => new(ClientChange.Receive(round, trust, (server, changes) =>
    {
        var step = ClientChange.Mean(changes);
        var velocity = _velocity.Of(server, step.Length, 0);
        for (int e = 0; e < step.Length; e++)
        {
            velocity[e] = (float)(beta * velocity[e] + step[e]);
            step[e] = rate * velocity[e];
        }
        return step;
    }));

    public void Save(TensorBag bag) => _velocity.Save(bag);

    public void Load(TensorBag bag) => _velocity.Load(bag);
}
