namespace LoraCollab.Federation.Tests;

public class PredictionDistanceTests
{
    [Fact]
    public void Js_TwoTokensEach_IsTheDistanceByHand()
    {
        // V = 3, k = 1: P = (0.5; 0.25, 0.25) and Q = (0.25, 0.25; 0.5).
        var p = new TopPredictions([0], [0.5f], 1, 3);
        var q = new TopPredictions([2], [0.5f], 1, 3);
        double m = 0.375, js = 0.5 * Math.Log(0.5 / m) + 0.25 * Math.Log(0.25 / m);
        Assert.Equal(Math.Sqrt(js), PredictionDistance.Between([p, q], PredictionForm.Js)[0][1], 1e-15);
    }

    [Fact]
    public void Js_AllMassApart_IsRootOfLn2()
    {
        var p = new TopPredictions([0, 1], [1, 0], 2, 2);
        var q = new TopPredictions([1, 0], [1, 0], 2, 2);
        Assert.Equal(Math.Sqrt(Math.Log(2)), PredictionDistance.Between([p, q], PredictionForm.Js)[0][1], 1e-15);
    }

    [Fact]
    public void Js_RandomPredictions_AgreesWithTheWholeDistributions()
    {
        var predictions = SyntheticRound.Draw(4, 21).Predictions();
        var distance = PredictionDistance.Between(predictions, PredictionForm.Js);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++) Assert.Equal(i == j ? 0 : Dense(predictions[i], predictions[j]), distance[i][j], 1e-12);
    }

    [Fact]
    public void Js_NearlyEqualPredictions_KeepsItsDigits()
    {
        // Near P = Q, JS = Σ (p − q)² / (8·m): no digit may be lost to cancelling logarithms.
        const float Step = 1e-6f;
        var p = new TopPredictions([0, 1], [0.5f, 0.5f], 2, 2);
        var q = new TopPredictions([0, 1], [0.5f + Step, 0.5f - Step], 2, 2);
        double d = (double)(0.5f + Step) - 0.5, e = 0.5 - (double)(0.5f - Step);
        Assert.Equal(Math.Sqrt((d * d + e * e) / 8 / 0.5), PredictionDistance.Between([p, q], PredictionForm.Js)[0][1], 1e-11);
        Assert.True(PredictionDistance.Between([p, q], PredictionForm.Js)[0][1] > 1e-7);
    }

    [Fact]
    public void Change_RandomPredictions_IsTheAngleOfWholeDistributions()
    {
        var round = SyntheticRound.Draw(4, 21);
        TopPredictions[] all = [.. round.Predictions(), round.BasePredictions()];
        var distance = PredictionDistance.OfChange(round.Predictions(), round.BasePredictions());
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
            {
                double di = Dense(all[i], all[4], js => js), dj = Dense(all[j], all[4], js => js), dij = i == j ? 0 : Dense(all[i], all[j], js => js);
                Assert.Equal(1 - (di + dj - dij) / (2 * Math.Sqrt(di * dj)), distance[i][j], 1e-12);
            }
    }

    [Fact]
    public void Change_EqualOppositeOrNone_IsAtZeroBeyondOneAndOne()
    {
        TopPredictions Of(float first) => new([0, 1], [first, 1 - first], 2, 2);
        TopPredictions[] clients = [Of(0.75f), Of(0.75f), Of(0.25f), Of(0.5f)];
        var distance = PredictionDistance.OfChange(clients, Of(0.5f));
        Assert.Equal(0, distance[0][1], 1e-15);
        Assert.InRange(distance[0][2], 1.5, 2); // nearly opposite: the curve of √JS is bent, so not quite 2
        Assert.Equal([1, 1, 1, 0], distance[3]);
    }

    [Fact]
    public void L1_DifferentSupports_ReadsMissingLogitsAsZero()
    {
        var p = new TopPredictions([3, 1], [5, 2], 2, 9);
        var q = new TopPredictions([1, 7], [4, -1], 2, 9);
        Assert.Equal(5 + 2 + 1, PredictionDistance.Between([p, q], PredictionForm.L1)[1][0]);
    }

    [Fact]
    public void Scores_L1OverSeveralWindows_StateTheDistanceAWindowAndTrustTheSame()
    {
        TopPredictions[] Of(int windows) => [new([3, 1], [5, 2], 2, 9) { Windows = windows }, new([1, 7], [4, -1], 2, 9) { Windows = windows }];
        var scheme = new PredictionSimilarity(PredictionForm.L1, rowNormalised: true, SelfScore.Scored);
        TrustScores one = scheme.Score(Of(1)), three = scheme.Score(Of(3));
        Assert.Equal((8.0 / 3, 8.0 / 3), (three.Distance![0][1], three.DistanceScale!.Value));
        Assert.Equal(one.Values, three.Values);
    }

    private static double Dense(TopPredictions a, TopPredictions b) => Dense(a, b, Math.Sqrt);

    private static double Dense(TopPredictions a, TopPredictions b, Func<double, double> of)
    {
        double sum = 0;
        for (int position = 0; position < a.Positions; position++)
        {
            double[] p = Spread(a, position), q = Spread(b, position);
            sum += of(Enumerable.Range(0, p.Length).Sum(v =>
            {
                double m = 0.5 * (p[v] + q[v]);
                return 0.5 * (p[v] * Math.Log(p[v] / m) + q[v] * Math.Log(q[v] / m));
            }));
        }
        return sum / a.Positions;
    }

    private static double[] Spread(TopPredictions predictions, int position)
    {
        var values = predictions.Values.Skip(position * predictions.K).Take(predictions.K).Select(v => (double)v).ToArray();
        double[] whole = [.. Enumerable.Repeat((1 - values.Sum()) / (predictions.Vocabulary - predictions.K), predictions.Vocabulary)];
        for (int e = 0; e < predictions.K; e++) whole[predictions.Ids[position * predictions.K + e]] = values[e];
        return whole;
    }
}
