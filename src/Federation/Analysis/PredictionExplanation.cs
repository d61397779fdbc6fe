namespace LoraCollab.Federation.Analysis;

/// <summary>Scheme 3: the distance of two clients' predictions, position by position.</summary>
internal static class PredictionExplanation
{
    private const int ContextTokens = 16, MovesKept = 8;

    public static TrustExplanation Of(TrustExplanation frame, CollaborationOptions options, FederatedData data, Participation who, TrustRound round)
    {
        var (i, j, form) = (who.IndexOf(frame.Client), who.IndexOf(frame.Peer), options.PredictionForm!.Value);
        bool change = form == PredictionForm.Change, rowNormalised = options.Compat.IsPaper(Trap.RowNormalised);
        var self = SelfScore.Of(options.Self!, "prediction")!;
        var predictions = round.Predictions();
        double[][] all = change ? PredictionDistance.OfChange(predictions, round.BasePredictions()) : PredictionDistance.Between(predictions, form);
        var (floors, divisors, _) = new PredictionSimilarity(form, rowNormalised, self).Scaled(all);
        var (values, parts, distance) = change ? Changes(predictions[i], predictions[j], round.BasePredictions())
            : Distances(predictions[i], predictions[j], form);
        double unit = divisors[i] == 0 ? 0 : 1 / divisors[i], score = -unit * Math.Max(0, distance - floors[i]);
        var batch = PublicBatch.Draw(options, data.Reference, frame.Iteration);
        return frame with
        {
            Kind = "position",
            Meaning = form switch
            {
                PredictionForm.Js => "−mean √JS of the predictions on public text",
                PredictionForm.Change => "cosine of what training changed in the predictions on public text, less 1",
                _ => "−Σ|z_i − z_j| of the largest logits on public text",
            } + (rowNormalised ? ", over the row's sum, times 10" : unit == 1 ? "" : ", over the scale of the distances"),
            Columns = [change ? "JS" : "distance"],
            Parts = [.. values.Select((v, p) => Part(predictions, i, j, p, v, unit * parts[p], form, batch, options.SequenceLength))
                .OrderByDescending(p => Math.Abs(p.Importance))],
            Offset = score - unit * parts.Sum(),
            OffsetMeaning = (change ? "how unequally much the two have changed, and " : "") + $"what --self {self} does not count of the distance",
        };
    }

    /// <summary>The distance is the mean of the positions', or their sum.</summary>
    private static (double[] Values, double[] Parts, double Distance) Distances(TopPredictions p, TopPredictions q, PredictionForm form)
    {
        double[] distance = PredictionDistance.PerPosition(p, q, form);
        double[] parts = Array.ConvertAll(distance, d => form == PredictionForm.Js ? -d / distance.Length : -d);
        return (distance, parts, -parts.Sum());
    }

    /// <summary>
    /// 1 − cos_ij = 1 − (D_i + D_j)/n + Σ_p JS_ij/(P·n), n = 2·√(D_i·D_j): where both changed equally much the first two cancel, and what the positions add
    /// is left.
    /// </summary>
    private static (double[] Values, double[] Parts, double Distance) Changes(TopPredictions p, TopPredictions q, TopPredictions basis)
    {
        double[] between = PredictionDistance.PerPosition(p, q, PredictionForm.Change);
        double ofP = PredictionDistance.PerPosition(p, basis, PredictionForm.Change).Average();
        double ofQ = PredictionDistance.PerPosition(q, basis, PredictionForm.Change).Average();
        double norms = 2 * Math.Sqrt(ofP * ofQ);
        if (norms == 0) return (between, new double[between.Length], 1);
        double[] parts = Array.ConvertAll(between, js => -js / (between.Length * norms));
        return (between, parts, 1 - (ofP + ofQ) / norms - parts.Sum());
    }

    private static TrustPart Part(
        IReadOnlyList<TopPredictions> predictions, int i, int j, int position, double value, double contribution, PredictionForm form,
            PublicBatch batch, int t)
    {
        int row = batch.Positions[position], start = Math.Max(row / t * t, row - ContextTokens + 1);
        return new TrustPart($"{row / t}:{row % t}", contribution, [value])
        {
            Tokens = batch.Ids[start..(row + 1)],
            Next = row % t == t - 1 ? null : batch.Ids[row + 1],
            Moves = [.. PredictionDistance.Moves(predictions[i], predictions[j], position, form).Take(MovesKept)],
        };
    }
}
