namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Scheme 1: s_ij is the cosine of two clients' adapters, or how far 1 − cosine lies above what counts as equal; nothing but the adapters travels.
/// </summary>
/// <param name="form">Which cosine.</param>
/// <param name="scoreOn">Whole adapters, or what was learnt since the last mix. After a mix whole adapters share their mixed part, so that those who mixed stay
/// together; where all mix, all cosines rise to 1.</param>
/// <param name="self">One's own score.</param>
public sealed class WeightSimilarity(WeightsForm form = WeightsForm.Update, ScoreOn scoreOn = ScoreOn.Adapter, SelfScore? self = null) : Strategy(Declaration)
{
    /// <summary>
    /// Two adapters of scarce text have small cosines even where clients are alike; below 0.08 nobody is (chosen on the three controls: docs/controls.md).
    /// </summary>
    private static readonly SelfScore s_nearest = new(SelfScoreKind.Nearest, 0.92);

    private readonly SelfScore _self = self ?? s_nearest;

    public static StrategyDeclaration Declaration { get; } = new("weights",
        c => new WeightSimilarity(c.Options.WeightsForm!.Value, c.Options.ScoreOn!.Value, SelfScore.Of(c.Options.Self!, Declaration!.Name)))
    {
        Role = StrategyRole.Similarity,
        Softmax = new(o => o.Compat.IsPaper(Trap.RowWiseCosine) ? 1 : 0.02),
        Self = new(o => o.WeightsForm == WeightsForm.RowWise ? SelfScore.Floor : s_nearest),
        Forms = [Form("update", WeightsForm.Update), Form("rowwise", WeightsForm.RowWise), Form("flat", WeightsForm.Flat)],
        IsExplained = true,
    };

    public override TrustScores Score(ITrustRound round)
    {
        double[][] cosines = Cosines(round);
        var distance = ScoreMatrix.Fill(round.Clients, (i, j) => 1 - cosines[i][j]);
        double[] floors = _self.Floors(distance);
        var above = SelfScore.Above(floors, distance);
        if (_self.Kind == SelfScoreKind.Nearest)
        {
            double[] scales = SelfScore.NearestScales(distance, floors);
            double[][] scores = ScoreMatrix.Fill(round.Clients, (i, j) => -above[i][j] / scales[i]);
            return new TrustScores(scores, TrustNormalisation.Softmax) { Distance = distance, DistanceScale = scales.Average() };
        }
        if (_self.Kind == SelfScoreKind.Floor) cosines = ScoreMatrix.Fill(round.Clients, (i, j) => 1 - above[i][j]);
        return new TrustScores(_self.Pin(cosines), TrustNormalisation.Softmax);
    }

    /// <summary>The cosine, target by target.</summary>
    public override TrustExplanation Explain(TrustExplanation frame, IExplainedPair pair)
    {
        var (round, (i, j)) = (pair.Round, pair.Rows);
        var since = Since(round);
        float[][]? anchors = since is null ? null : [since[i], since[j]];
        float[][] both = [round.Adapters[i], round.Adapters[j]];
        string what = since is null ? "as they stand" : scoreOn == ScoreOn.Round ? "since the last mix" : "since the adapter all started from";
        var parts = form == WeightsForm.Update ? Updates(round.Shape, both, anchors) : Factors(round.Shape, both, anchors);
        var (floor, scale) = FloorAndScale(round, i);
        bool nearest = _self.Kind == SelfScoreKind.Nearest, convention = parts.All(p => p.Contribution == 0);
        double cosine = parts.Sum(p => p.Contribution), above = Math.Max(0, 1 - cosine - floor);
        double score = nearest ? -above / scale : floor > 0 ? 1 - above : cosine;
        return frame with
        {
            Kind = "target",
            Meaning = (nearest ? $"how far 1 − cosine lies above {floor:0.####}, which still counts as equal, in units of {scale:0.####}, negated; " : "")
                + form switch
                {
                    WeightsForm.Update => $"cosine of the updates ΔW {what}; a target adds its own cosine times its part of either norm",
                    WeightsForm.RowWise => $"mean cosine of the rows of A and B {what}",
                    _ => $"cosine of all numbers of A and B {what}",
                },
            Columns = form == WeightsForm.Update ? ["cosine", "norm i", "norm j"] : ["cosine"],
            Parts = [.. parts.Select(p => p with { Contribution = p.Contribution / scale, Importance = p.Importance / scale })
                .OrderByDescending(p => Math.Abs(p.Importance))],
            Offset = convention ? frame.Score : score - cosine / scale,
            OffsetMeaning = convention ? "an update of zero has no direction: what stands here is a convention"
                : (nearest ? "a cosine of 0 is a distance of 1; " : "") + $"what the form {_self} of one's own score does not count of the distance",
        };
    }

    /// <summary>[N][N]: cosines of all pairs.</summary>
    private double[][] Cosines(ITrustRound round) => form switch
    {
        WeightsForm.Update => UpdateSpace.Cosines(round.Shape, round.Adapters, Since(round)),
        WeightsForm.RowWise => ParameterSpace.RowWiseCosines(round.Shape, round.Adapters, Since(round)),
        _ => ParameterSpace.FlatCosines(round.Adapters, Since(round)),
    };

    /// <summary>
    /// [N][parameters]: what adapters are looked at as changes of; null: as they stand. What all clients start from would make them alike, so whole adapters
    /// are what was learnt since; a fresh adapter changes nothing, and what was learnt since it is the adapter as it stands.
    /// </summary>
    internal IReadOnlyList<float[]>? Since(ITrustRound round) => scoreOn == ScoreOn.Round ? round.Anchors
        : round.Initial.Any(a => a.AsSpan(round.Shape.Targets[0].BOffset).ContainsAnyExcept(0f)) ? round.Initial : null;

    /// <summary>The distance that counts as none in row i, from the cosines of all, and what form nearest divides the row by.</summary>
    private (double Floor, double Scale) FloorAndScale(ITrustRound round, int i)
    {
        double[][] cosines = Cosines(round);
        var distance = ScoreMatrix.Fill(cosines.Length, (a, b) => 1 - cosines[a][b]);
        double[] floors = _self.Floors(distance);
        return (floors[i], _self.Kind == SelfScoreKind.Nearest ? SelfScore.NearestScales(distance, floors)[i] : 1);
    }

    private static TrustPart[] Updates(AdapterShape shape, float[][] pair, float[][]? anchors)
    {
        LowRankUpdate x = UpdateSpace.Update(shape, pair[0], anchors?[0]), y = UpdateSpace.Update(shape, pair[1], anchors?[1]);
        double normX = x.Norm(), normY = y.Norm();
        return [.. shape.Targets.Select((target, t) =>
        {
            double inner = x.InnerOf(t, y), ownX = Math.Sqrt(Math.Max(0, x.InnerOf(t, x))), ownY = Math.Sqrt(Math.Max(0, y.InnerOf(t, y)));
            return new TrustPart(TensorNames.Short(target.Name), Ratio(inner, normX * normY),
                [Ratio(inner, ownX * ownY), Ratio(ownX, normX), Ratio(ownY, normY)]);
        })];
    }

    private TrustPart[] Factors(AdapterShape shape, float[][] pair, float[][]? anchors) =>
        [.. ParameterSpace.Parts(shape, pair, anchors, form == WeightsForm.RowWise).Select(p => new TrustPart(TensorNames.Short(p.Name), p.Part, [p.Cosine]))];

    private static (string, Func<CollaborationOptions, CollaborationOptions>) Form(string name, WeightsForm form) =>
        (name, o => o with { WeightsForm = form, ScoreOn = ScoreOn.Adapter });

    private static double Ratio(double x, double y) => y == 0 ? 0 : x / y;
}
