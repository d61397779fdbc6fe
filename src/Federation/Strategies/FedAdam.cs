namespace LoraCollab.Federation.Strategies;

/// <summary>
/// FedAdam (Reddi et al., arXiv:2003.00295): the mean of the clients' changes Δ is the server's gradient, m ← β₁m + (1 − β₁)Δ, v ← β₂v + (1 − β₂)Δ², θ ← θ +
/// η·m/(√v + τ), from m = 0 and v = τ², without bias correction, as published.
/// </summary>
/// <param name="rate">η: about what a number moves by in a round, whatever the size of Δ.</param>
/// <param name="beta1">β₁.</param>
/// <param name="beta2">β₂.</param>
/// <param name="tau">τ: how small a change counts as none.</param>
public sealed class FedAdam(double rate, double beta1, double beta2, double tau) : IStrategy
{
    private readonly FedAvg _mean = new();
    private readonly ServerState _m = new("m"), _v = new("v");

    public string Name => "fedadam";

    public Traffic Traffic => Traffic.Adapters;

    public bool MixesByWeights => false;

    public TrustScores Score(ITrustRound round) => _mean.Score(round);

    public Mixed Mix(ITrustRound round, TrustMatrix trust) => new(ClientChange.Receive(round, trust, (server, changes) =>
    {
        var step = ClientChange.Mean(changes);
        var (m, v) = (_m.Of(server, step.Length, 0), _v.Of(server, step.Length, (float)(tau * tau)));
        for (int e = 0; e < step.Length; e++)
        {
            m[e] = (float)(beta1 * m[e] + (1 - beta1) * step[e]);
            v[e] = (float)(beta2 * v[e] + (1 - beta2) * step[e] * step[e]);
            step[e] = rate * m[e] / (Math.Sqrt(v[e]) + tau);
        }
        return step;
    }));

    public void Save(TensorBag bag)
    {
        _m.Save(bag);
        _v.Save(bag);
    }

    public void Load(TensorBag bag)
    {
        _m.Load(bag);
        _v.Load(bag);
    }
}
