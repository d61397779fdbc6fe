namespace LoraCollab.Federation;

/// <summary>
/// FFA-LoRA (Sun et al., arXiv:2403.12313): A keeps its shared first value, B alone is trained, sent and averaged, so that mean(B)·A is the exact mean of the updates.
/// </summary>
public sealed class FrozenA : ITrustScheme
{
    private readonly FederatedAveraging _mean = new();

    public string Name => "ffa";

    public Exchange Exchange => Exchange.FactorsB;

    public LocalRule Local => new() { FreezeA = true };

    public TrustScores Score(ITrustRound round) => _mean.Score(round);
}
