namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Scheme 3: s_ij = −max(0, d_ij − f_i) / m_i, d the distance of two clients' predictions on public text, f_i what counts as none and m_i a scale, both of the form of one's own score
/// (without a floor 0 and the mean over all pairs, at least 1e-3); or, as published, −10 times the distances divided by their row's sum.
/// </summary>
/// <param name="form">How distance is measured.</param>
/// <param name="rowNormalised">The published scaling (trap 10 = paper): self-trust then depends on N.</param>
/// <param name="self">One's own score.</param>
public sealed class PredictionSimilarity(PredictionForm form = PredictionForm.Js, bool rowNormalised = false, SelfScore? self = null) : IStrategy
{
    private const double SmallestScale = 1e-3, NothingAboveFloor = 1e-6, PublishedFactor = 10;

    private readonly SelfScore _self = self ?? SelfScore.Scored;

    public string Name => "prediction";

    public Traffic Traffic => Traffic.AdaptersAndPredictions;

    public TrustScores Score(ITrustRound round) =>
        form == PredictionForm.Change ? Score(PredictionDistance.OfChange(round.Predictions(), round.BasePredictions())) : Score(round.Predictions());

    /// <summary>From predictions [N] to scores; distances of the L1 form are stated a window, which changes no score.</summary>
    public TrustScores Score(IReadOnlyList<TopPredictions> predictions)
    {
        var scores = Score(PredictionDistance.Between(predictions, form));
        if (form != PredictionForm.L1) return scores;
        double[][] distance = scores.Distance!;
        int windows = predictions[0].Windows;
        return scores with { Distance = ScoreMatrix.Fill(distance.Length, (i, j) => distance[i][j] / windows), DistanceScale = scores.DistanceScale / windows };
    }

    /// <summary>From distances [N][N] to scores.</summary>
    public TrustScores Score(double[][] distance)
    {
        var (floors, divisor, scale) = Scaled(distance);
        double[][] above = SelfScore.Above(floors, distance);
        double[][] scores = ScoreMatrix.Fill(distance.Length, (i, j) => divisor[i] == 0 ? 0 : -above[i][j] / divisor[i]);
        return new TrustScores(_self.Pin(scores), TrustNormalisation.Softmax) { Distance = distance, DistanceScale = scale };
    }

    /// <summary>[N]: the distance that counts as none in a row, [N]: what the row is divided by (0: nothing counts), and the mean scale.</summary>
    internal (double[] Floors, double[] Divisor, double Scale) Scaled(double[][] distance)
    {
        double[] floors = _self.Floors(distance), scales = Scales(distance, floors);
        bool nothing = _self == SelfScore.Floor && scales.Max() < NothingAboveFloor;
        double[] divisor = rowNormalised ? [.. SelfScore.Above(floors, distance).Select(row => row.Sum() / PublishedFactor)]
            : [.. scales.Select(scale => Math.Max(scale, SmallestScale))];
        return (floors, nothing ? new double[distance.Length] : divisor, scales.Average());
    }

    /// <summary>[N]: what distances are divided by: the mean of all above the floor, of form nearest the row's mean above its own; cosines have their scale already.</summary>
    private double[] Scales(double[][] distance, double[] floors)
    {
        if (_self.Kind == SelfScoreKind.Nearest) return SelfScore.NearestScales(distance, floors);
        double mean = ScoreMatrix.MeanOffDiagonal(distance);
        return [.. floors.Select(floor => form == PredictionForm.Change ? 1 : mean - floor)];
    }
}
