namespace LoraCollab.Federation.Analysis;

/// <summary>Scheme 2: the loss of model j on client i's trust text, window by window, beside the client's own.</summary>
internal static class ValidationExplanation
{
    public static TrustExplanation Of(TrustExplanation frame, Workspace workspace, FederatedData data, RoundAdapters adapters)
    {
        var (i, j, options) = (frame.Client, frame.Peer, workspace.Options);
        var text = new TrustText(workspace, i, data.Clients[i], frame.Iteration);
        var lane = workspace.Lanes.First;
        double[] theirs = new double[text.Pieces], own = new double[text.Pieces];
        double loss = text.Loss(lane, j, lane.Peer(adapters.Now[adapters.Who.IndexOf(j)]), theirs);
        text.Loss(lane, i, lane.Peer(adapters.Now[adapters.Who.IndexOf(i)]), own);
        // Where every pair has windows of its own, the two losses are of different text.
        bool paired = !options.Compat.IsPaper(Trap.WindowsPerCell), perplexity = options.ValidationForm == ValidationForm.Perplexity;
        double scale = perplexity ? Math.Exp(loss) / loss : 1;
        string piece = text.ReadsAll ? "window" : "batch";
        return frame with
        {
            Kind = piece,
            Meaning = $"−{(perplexity ? "perplexity" : "loss in nats a token")} of client {j}'s model on client {i}'s trust text"
                + (perplexity ? ", shared out in proportion to the losses" : ""),
            Columns = paired ? ["loss of j", "loss of i", "beside own"] : ["loss of j"],
            Parts = [.. Enumerable.Range(0, text.Pieces).Select(w =>
            {
                double share = text.Share(w), beside = share * (own[w] - theirs[w]);
                return new TrustPart($"{piece} {w}", -scale * share * theirs[w], paired ? [theirs[w], own[w], beside] : [theirs[w]])
                {
                    Importance = paired ? beside : -share * theirs[w],
                    Tokens = text.Read(w, j),
                };
            }).OrderByDescending(p => Math.Abs(p.Importance))],
        };
    }
}
