namespace LoraCollab.Federation.Strategies;

/// <summary>Scheme 1: s_ij is the cosine of two clients' adapters, or how far 1 − cosine lies above what counts as equal; nothing but the adapters travels.</summary>
/// <param name="form">Which cosine.</param>
/// <param name="scoreOn">Whole adapters, or what was learnt since the last mix. After a mix whole adapters share their mixed part, so that those who mixed stay together; where all mix, all cosines rise to 1.</param>
/// <param name="self">One's own score.</param>
public sealed class WeightSimilarity(WeightsForm form = WeightsForm.Update, ScoreOn scoreOn = ScoreOn.Round, SelfScore? self = null) : IStrategy
{
    private readonly SelfScore _self = self ?? SelfScore.Scored;

    public string Name => "weights";

    public Traffic Traffic => Traffic.Adapters;

    public TrustScores Score(ITrustRound round)
    {
        double[][] cosines = Cosines(round.Shape, round.Adapters, round.Anchors, round.Initial);
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

    /// <summary>[N][N]: cosines of all pairs.</summary>
    internal double[][] Cosines(AdapterShape shape, IReadOnlyList<float[]> adapters, IReadOnlyList<float[]> lastMix, IReadOnlyList<float[]> initial)
    {
        var anchors = Since(scoreOn, shape, lastMix, initial);
        return form switch
        {
            WeightsForm.Update => UpdateSpace.Cosines(shape, adapters, anchors),
            WeightsForm.RowWise => ParameterSpace.RowWiseCosines(shape, adapters, anchors),
            _ => ParameterSpace.FlatCosines(adapters, anchors),
        };
    }

    /// <summary>
    /// [N][parameters]: what adapters are looked at as changes of; null: as they stand. What all clients start from would make them alike, so whole adapters
    /// are what was learnt since; a fresh adapter changes nothing, and what was learnt since it is the adapter as it stands.
    /// </summary>
    internal static IReadOnlyList<float[]>? Since(ScoreOn scoreOn, AdapterShape shape, IReadOnlyList<float[]> lastMix, IReadOnlyList<float[]> initial) =>
        scoreOn == ScoreOn.Round ? lastMix : initial.Any(a => a.AsSpan(shape.Targets[0].BOffset).ContainsAnyExcept(0f)) ? initial : null;
}
