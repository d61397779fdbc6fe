namespace LoraCollab.Engine.Model;

/// <summary>Next-token losses of a batch, summed in double in the order of the rows.</summary>
/// <param name="Nats">Σ of the losses.</param>
/// <param name="Tokens">Targets that count.</param>
/// <param name="Correct">Targets that were the most probable token.</param>
public readonly record struct LossSum(double Nats, int Tokens, int Correct)
{
    /// <summary>Mean loss in nats.</summary>
    public double Mean => Nats / Tokens;
}
