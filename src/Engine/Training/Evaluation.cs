namespace LoraCollab.Engine.Training;

/// <summary>What an evaluation found.</summary>
/// <param name="Loss">Mean loss in nats a token.</param>
/// <param name="Accuracy">Share of targets that were the most probable token.</param>
/// <param name="Tokens">Targets that counted.</param>
public readonly record struct Evaluation(double Loss, double Accuracy, long Tokens)
{
    public double Perplexity => Math.Exp(Loss);
}
