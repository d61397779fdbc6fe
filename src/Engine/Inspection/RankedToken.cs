namespace LoraCollab.Engine.Inspection;

/// <summary>A token among all that could follow.</summary>
/// <param name="Id">The token.</param>
/// <param name="Rank">1 for the most probable.</param>
/// <param name="LogProbability">ln p, in nats.</param>
public readonly record struct RankedToken(int Id, int Rank, double LogProbability)
{
    public double Probability => Math.Exp(LogProbability);

    /// <summary>−ln p: the cross-entropy where this is the token that follows.</summary>
    public double Loss => -LogProbability;
}
