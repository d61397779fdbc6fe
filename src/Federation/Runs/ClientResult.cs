namespace LoraCollab.Federation.Runs;

/// <summary>One client's result under one scheme.</summary>
/// <param name="Id">The client's number.</param>
/// <param name="Name">Its name in the data.</param>
/// <param name="Shares">Its token shares over the categories; empty without categories.</param>
/// <param name="Perplexity">exp of the loss after the last mix.</param>
/// <param name="Loss">Nats a token on its report-validation text, after the last mix.</param>
/// <param name="Accuracy">Next-token accuracy there.</param>
/// <param name="PerplexityBefore">Just before the last mix; null where not evaluated.</param>
/// <param name="TrustLoss">Nats a token on its whole trust-validation text, after the last mix: what hyper-parameters are chosen by.</param>
/// <param name="TrainTokens">Tokens of training text it holds.</param>
/// <param name="LeftOut">Why it counts in no mean: it attacks, or is excluded; null: it counts.</param>
public sealed record ClientResult(
    int Id, string Name, IReadOnlyList<double> Shares, double Perplexity, double Loss, double Accuracy, double? PerplexityBefore, double TrustLoss,
    int TrainTokens, string? LeftOut = null)
{
    /// <summary>The same with words as tables show them: whoever wrote them.</summary>
    internal ClientResult Named() => this with { Name = ForeignText.Name(Name), LeftOut = LeftOut is null ? null : ForeignText.Shown(LeftOut) };
}
