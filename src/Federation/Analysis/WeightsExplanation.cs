namespace LoraCollab.Federation.Analysis;

/// <summary>Scheme 1: the cosine, target by target.</summary>
internal static class WeightsExplanation
{
    public static TrustExplanation Of(TrustExplanation frame, CollaborationOptions options, AdapterShape shape, RoundAdapters adapters)
    {
        var (i, j) = (adapters.Who.IndexOf(frame.Client), adapters.Who.IndexOf(frame.Peer));
        var since = WeightSimilarity.Since(options.ScoreOn!.Value, shape, adapters.Anchors, adapters.Initial);
        float[][]? anchors = since is null ? null : [since[i], since[j]];
        float[][] pair = [adapters.Now[i], adapters.Now[j]];
        string what = since is null ? "as they stand" : options.ScoreOn == ScoreOn.Round ? "since the last mix" : "since the adapter all started from";
        var parts = options.WeightsForm == WeightsForm.Update ? Updates(shape, pair, anchors)
            : Factors(shape, pair, anchors, options.WeightsForm == WeightsForm.RowWise);
        var self = SelfScore.Of(options.Self!, "weights")!;
        var (floor, scale) = FloorAndScale(self, options, shape, adapters, i);
        double cosine = parts.Sum(p => p.Contribution), above = Math.Max(0, 1 - cosine - floor);
        double score = self.Kind == SelfScoreKind.Nearest ? -above / scale : floor > 0 ? 1 - above : cosine;
        bool convention = parts.All(p => p.Contribution == 0);
        return frame with
        {
            Kind = "target",
            Meaning = (self.Kind == SelfScoreKind.Nearest ? $"how far 1 − cosine lies above {floor:0.####}, which still counts as equal, in units of {scale:0.####}, negated; " : "") + options.WeightsForm switch
            {
                WeightsForm.Update => $"cosine of the updates ΔW {what}; a target adds its own cosine times its part of either norm",
                WeightsForm.RowWise => $"mean cosine of the rows of A and B {what}",
                _ => $"cosine of all numbers of A and B {what}",
            },
            Columns = options.WeightsForm == WeightsForm.Update ? ["cosine", "norm i", "norm j"] : ["cosine"],
            Parts = [.. parts.Select(p => p with { Contribution = p.Contribution / scale, Importance = p.Importance / scale }).OrderByDescending(p => Math.Abs(p.Importance))],
            Offset = convention ? frame.Score : score - cosine / scale,
            OffsetMeaning = convention ? "an update of zero has no direction: what stands here is a convention"
                : (self.Kind == SelfScoreKind.Nearest ? "a cosine of 0 is a distance of 1; " : "") + $"what --self {self} does not count of the distance",
        };
    }

    /// <summary>The distance that counts as none in row i, from the cosines of all, and what form nearest divides the row by.</summary>
    private static (double Floor, double Scale) FloorAndScale(SelfScore self, CollaborationOptions options, AdapterShape shape, RoundAdapters adapters, int i)
    {
        var scheme = new WeightSimilarity(options.WeightsForm!.Value, options.ScoreOn!.Value);
        double[][] cosines = scheme.Cosines(shape, adapters.Now, adapters.Anchors, adapters.Initial);
        var distance = ScoreMatrix.Fill(cosines.Length, (a, b) => 1 - cosines[a][b]);
        double[] floors = self.Floors(distance);
        return (floors[i], self.Kind == SelfScoreKind.Nearest ? SelfScore.NearestScales(distance, floors)[i] : 1);
    }

    private static TrustPart[] Updates(AdapterShape shape, float[][] pair, float[][]? anchors)
    {
        LowRankUpdate x = UpdateSpace.Update(shape, pair[0], anchors?[0]), y = UpdateSpace.Update(shape, pair[1], anchors?[1]);
        double normX = x.Norm(), normY = y.Norm();
        return [.. shape.Targets.Select((target, t) =>
        {
            double inner = x.InnerOf(t, y), ownX = Math.Sqrt(Math.Max(0, x.InnerOf(t, x))), ownY = Math.Sqrt(Math.Max(0, y.InnerOf(t, y)));
            return new TrustPart(TensorNames.Short(target.Name), Ratio(inner, normX * normY), [Ratio(inner, ownX * ownY), Ratio(ownX, normX), Ratio(ownY, normY)]);
        })];
    }

    private static TrustPart[] Factors(AdapterShape shape, float[][] pair, float[][]? anchors, bool rowWise) =>
        [.. ParameterSpace.Parts(shape, pair, anchors, rowWise).Select(p => new TrustPart(TensorNames.Short(p.Name), p.Part, [p.Cosine]))];

    private static double Ratio(double x, double y) => y == 0 ? 0 : x / y;
}
