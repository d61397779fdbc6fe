namespace LoraCollab.Federation.Strategies;

/// <summary>
/// FFA-LoRA (Sun et al., arXiv:2403.12313): A keeps its shared first value, B alone is trained, sent and averaged, so that mean(B)·A is the exact mean of the updates.
/// </summary>
public sealed class FfaLora : IStrategy
{
    private readonly FedAvg _mean = new();

    public string Name => "ffa";

    public Traffic Traffic => Traffic.FactorsB;

    public LocalRule Local => new() { FreezeA = true };

    public TrustScores Score(ITrustRound round) => _mean.Score(round);
}
