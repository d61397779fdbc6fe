namespace LoraCollab.Federation.Strategies;

/// <summary>Scheme 2: s_ij = −(loss of model j on client i's trust-validation text), or −exp of it. Every peer's adapter travels to every client.</summary>
public sealed class ValidationPerformance(ValidationForm form = ValidationForm.Loss) : Strategy(Declaration)
{
    public static StrategyDeclaration Declaration { get; } = new("validation", c => new ValidationPerformance(c.Options.ValidationForm!.Value))
    {
        Role = StrategyRole.Similarity,
        Traffic = Traffic.Adapters | Traffic.PeerAdapters | Traffic.Losses,
        Softmax = new(o => o.Compat.IsPaper(Trap.Perplexity) ? 1 : 0.05) { Imposing = Trap.Perplexity },
        Forms = [("loss", o => o with { ValidationForm = ValidationForm.Loss }), ("perplexity", o => o with { ValidationForm = ValidationForm.Perplexity })],
        IsExplained = true,
    };

    public override RoundCost Cost(int clients) => new(JudgesPeers: true);

    public override TrustScores Score(ITrustRound round)
    {
        var losses = round.ValidationLosses();
        var scores = ScoreMatrix.Fill(round.Clients, (i, j) => form == ValidationForm.Loss ? -losses.Mean[i][j] : -Math.Exp(losses.Mean[i][j]));
        return new TrustScores(scores, TrustNormalisation.Softmax) { Loss = losses.Mean, LossDifferenceError = losses.DifferenceError };
    }

    /// <summary>The loss of model j on client i's trust text, piece by piece, beside the client's own.</summary>
    public override TrustExplanation Explain(TrustExplanation frame, IExplainedPair pair)
    {
        var (kind, pieces) = pair.Judged();
        bool paired = pieces.All(p => p.OwnLoss is not null), perplexity = form == ValidationForm.Perplexity;
        double loss = pieces.Sum(p => p.Share * p.Loss), scale = perplexity ? Math.Exp(loss) / loss : 1;
        return frame with
        {
            Kind = kind,
            Meaning = $"−{(perplexity ? "perplexity" : "loss in nats a token")} of client {frame.Peer}'s model on client {frame.Client}'s trust text"
                + (perplexity ? ", shared out in proportion to the losses" : ""),
            Columns = paired ? ["loss of j", "loss of i", "beside own"] : ["loss of j"],
            Parts = [.. pieces.Select(p => new TrustPart(p.Name, -scale * p.Share * p.Loss,
                p.OwnLoss is { } own ? [p.Loss, own, p.Share * (own - p.Loss)] : [p.Loss])
            {
                Importance = p.Share * ((p.OwnLoss ?? 0) - p.Loss),
                Tokens = p.Tokens,
            }).OrderByDescending(p => Math.Abs(p.Importance))],
        };
    }
}
