namespace LoraCollab.Federation.Tests;

/// <summary>Examples computed by hand.</summary>
public class SchemeExampleTests
{

    private static double[][] Distances => [[0, 1, 4], [1, 0, 3], [4, 3, 0]];

    private static CollaborationOptions Resolved(Func<CollaborationOptions, CollaborationOptions>? change = null) => (change?.Invoke(new()) ?? new()).Resolve();

    private static TrustMatrix Oracle(string distribution, int categories, int clients)
    {
        var options = Resolved(o => o with { Compat = Compat.Corrected.With(Trap.OracleTables, true) });
        var scores = StrategyRegistry.Create("theoretical", new StrategyContext(options, distribution, categories)).Score(SyntheticRound.Draw(clients, 1));
        return TrustMatrix.From(scores, new TrustRule(Topology.Full(clients)));
    }

    [Fact]
    public void Theoretical_SharesInQuarters_AreTheGramRowsOverTheirSum()
    {
        double[][] shares = [[0.75, 0.25], [0.25, 0.75], [1, 0]];
        double[][] gram = [[0.625, 0.375, 0.75], [0.375, 0.625, 0.25], [0.75, 0.25, 1]];
        var round = new HandRound { Clients = 3, Shares = shares };
        var trust = TrustMatrix.From(new Theoretical().Score(round), new TrustRule(Topology.Full(3)));
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) Assert.Equal(gram[i][j] / gram[i].Sum(), trust[i, j], 1e-15);
    }

    [Fact]
    public void Theoretical_NoCategories_SaysToLeaveItOut() =>
        Assert.Contains("leave theoretical out", Assert.Throws<OptionException>(() => new Theoretical().Score(new HandRound { Clients = 3 })).Message);

    [Fact]
    public void PublishedOracle_WikiMixed_HasRowsOf25Over27()
    {
        var trust = Oracle("mixed", 3, 9);
        Assert.Equal([5 / 27.0, 1 / 27.0, 3 / 27.0], [trust[0, 0], trust[0, 1], trust[0, 2]]);
        for (int i = 1; i < 9; i += 3) Assert.Equal(25 / 27.0, trust.Row(i).ToArray().Sum(), 1e-14);
    }

    [Theory]
    [InlineData("mixed", 4, 4, "3100 1300 0031 0013", 4)]
    [InlineData("specific", 4, 8, "11000000 11000000 00110000 00110000 00001100 00001100 00000011 00000011", 2)]
    [InlineData("specific", 3, 6, "100100 010010 001001 100100 010010 001001", 2)]
    [InlineData("specific", 2, 4, "1010 0101 1010 0101", 2)]
    [InlineData("mixed", 2, 4, "3131 1313 3131 1313", 8)]
    public void PublishedOracle_Table_IsAsPrinted(string distribution, int categories, int clients, string table, int denominator)
    {
        var trust = Oracle(distribution, categories, clients);
        string[] rows = table.Split(' ');
        for (int i = 0; i < clients; i++)
            for (int j = 0; j < clients; j++) Assert.Equal((rows[i][j] - '0') / (double)denominator, trust[i, j], 1e-15);
    }

    [Fact]
    public void PublishedOracle_OtherClientCount_IsRefused() =>
        Assert.Contains("trap 23=paper", Assert.Throws<OptionException>(() => Oracle("specific", 4, 4)).Message);

    [Fact]
    public void FedAvg_ByTokens_WeighsByTrainingText()
    {
        var round = SyntheticRound.Draw(3, 5);
        var trust = TrustMatrix.From(new FedAvgTokens().Score(round), new TrustRule(Topology.Full(3)));
        Assert.Equal(round.TrainTokens[2] / (double)round.TrainTokens.Sum(), trust[0, 2], 1e-15);
        Assert.Equal(1 / 3.0, TrustMatrix.From(new FedAvg().Score(round), new TrustRule(Topology.Full(3)))[0, 2], 1e-15);
    }

    [Fact]
    public void UpdateCosine_RankOneAdapters_IsTheCosineOfTheProducts()
    {
        float[][] adapters = [[1, 0, 1], [2, 0, -3], [0, 1, 5], [0, 0, 0]];
        double[][] expected = [[1, -1, 0, 0], [-1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
        var scores = new WeightSimilarity(WeightsForm.Update, ScoreOn.Adapter, SelfScore.Scored)
            .Score(new HandRound { Adapters = adapters, Anchors = adapters }).Values;
        for (int i = 0; i < 4; i++) Assert.Equal(expected[i], scores[i]);
    }

    [Fact]
    public void UpdateCosine_ScoredOnTheRound_SeesOnlyWhatWasLearntSinceTheMix()
    {
        float[][] anchors = [[3, 4, 1], [3, 4, 1]];
        float[][] adapters = [[3, 5, 1], [4, 4, 1]];
        var round = new HandRound { Adapters = adapters, Anchors = anchors };
        Assert.Equal(0, new WeightSimilarity(WeightsForm.Update, ScoreOn.Round, SelfScore.Scored).Score(round).Values[0][1], 1e-15);
        Assert.Equal((3 * 4 + 5 * 4) / Math.Sqrt(34 * 32), new WeightSimilarity(WeightsForm.Update, ScoreOn.Adapter, SelfScore.Scored)
            .Score(round).Values[0][1], 1e-15);
        Assert.Equal(0, new WeightSimilarity(WeightsForm.Flat, ScoreOn.Round, SelfScore.Scored).Score(round).Values[0][1]);
    }

    [Fact]
    public void RowWiseCosine_RankOneAdapters_AveragesSignsOfRowsOfAAndTheCosineOfB()
    {
        float[][] adapters = [[1, -2, 4], [3, 5, -1]];
        // A as (IC, r) has two rows of one number: +1 and −1; B as (r, OC) one row: −1.
        Assert.Equal(-1 / 3.0, new WeightSimilarity(WeightsForm.RowWise, ScoreOn.Adapter, SelfScore.Scored)
            .Score(new HandRound { Adapters = adapters, Anchors = adapters }).Values[0][1], 1e-15);
    }

    [Fact]
    public void UpdateCosine_Floor_TiesTheNearestOtherWithOneself()
    {
        float[][] adapters = [[1, 0, 1], [3, 4, 1], [0, 1, 1]]; // cosines 0.6, 0, 0.8: nearest distances 0.4, 0.2, 0.2, floor 0.2
        var scores = new WeightSimilarity(WeightsForm.Update, ScoreOn.Adapter, SelfScore.Floor)
            .Score(new HandRound { Adapters = adapters, Anchors = adapters }).Values;
        Assert.Equal(1, scores[1][2], 1e-15);
        Assert.Equal(0.8, scores[0][1], 1e-15);
        Assert.Equal(0.2, scores[0][2], 1e-15);
    }

    [Fact]
    public void Weights_Nearest_HasAFloorAndAScaleForEachRow()
    {
        // Cosines 0.6, 0, 0.8, so distances 0.4, 1, 0.2. Row 0: floor 0.45, mean 0.7, scale 0.25. Row 1: floor 0.25, mean 0.3, scale 0.05. Row 2: floor 0.25,
        // mean 0.6, scale 0.35.
        float[][] adapters = [[1, 0, 1], [3, 4, 1], [0, 1, 1]];
        var trust = new WeightSimilarity(WeightsForm.Update, ScoreOn.Adapter, SelfScore.Of("nearest:1", "weights"))
            .Score(new HandRound { Adapters = adapters, Anchors = adapters });
        double[][] expected = [[0, 0, -0.55 / 0.25], [-0.15 / 0.05, 0, 0], [-0.75 / 0.35, 0, 0]];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) Assert.Equal(expected[i][j], trust.Values[i][j], 1e-7);
        Assert.Equal(1, trust.Distance![0][2], 1e-15);
    }

    [Fact]
    public void Weights_NearestWithALimit_CountsNobodyBeyondIt()
    {
        float[][] adapters = [[1, 0, 1], [3, 4, 1], [0, 1, 1]];
        var trust = new WeightSimilarity(WeightsForm.Update, ScoreOn.Adapter, SelfScore.Of("nearest:0.3", "weights"))
            .Score(new HandRound { Adapters = adapters, Anchors = adapters });
        Assert.Equal(-0.1 / 0.4, trust.Values[0][1], 1e-7);
    }

    [Fact]
    public void Prediction_Distances_AreDividedByTheirMean()
    {
        var scores = new PredictionSimilarity(PredictionForm.Js, self: SelfScore.Scored).Score(Distances);
        Assert.Equal(8 / 3.0, scores.DistanceScale!.Value, 1e-15);
        Assert.Equal(-1.5, scores.Values[0][2], 1e-15);
        Assert.Equal(0, scores.Values[1][1]);
    }

    [Fact]
    public void Prediction_Floor_SubtractsTheMedianNearestDistance()
    {
        // Nearest others are at 1, 1 and 3: the floor is 1, the mean becomes 8/3 − 1.
        var scores = new PredictionSimilarity(PredictionForm.Js, self: SelfScore.Floor).Score(Distances);
        Assert.Equal(5 / 3.0, scores.DistanceScale!.Value, 1e-15);
        Assert.Equal(0, scores.Values[0][1]);
        Assert.Equal(-3 / (5 / 3.0), scores.Values[0][2], 1e-15);
    }

    [Fact]
    public void Prediction_FloorWithEqualDistances_GivesAllTheSameScore()
    {
        var scores = new PredictionSimilarity(PredictionForm.Js, self: SelfScore.Floor).Score([[0, 2, 2], [2, 0, 2], [2, 2, 0]]);
        Assert.All(scores.Values, row => Assert.Equal([0, 0, 0], row));
    }

    [Fact]
    public void Prediction_GivenFloor_CountsNearerOnesAsEqual()
    {
        var scores = new PredictionSimilarity(PredictionForm.Change, self: SelfScore.Of("weights=scored,prediction=floor:0.25", "prediction"))
            .Score([[0, 0.2, 0.75], [0.2, 0, 0.5], [0.75, 0.5, 0]]);
        Assert.Equal([0, 0, -0.5], scores.Values[0]);
        Assert.Equal(-0.25, scores.Values[1][2]);
    }

    [Fact]
    public void Prediction_Nearest_HasAFloorAndAScaleForEachRow()
    {
        // Row 0: nearest 0.2, floor 0.25, mean 0.4, so 0.6 lies 0.35 above it and the scale is 0.15. Row 2: nearest 0.6, floor 0.5, mean 0.65, scale 0.15.
        // Row 1: floor 0.25, mean 0.45, scale 0.2.
        var scores = new PredictionSimilarity(PredictionForm.Change, self: SelfScore.Nearest).Score([[0, 0.2, 0.6], [0.2, 0, 0.7], [0.6, 0.7, 0]]).Values;
        Assert.Equal(0, scores[0][1]);
        Assert.Equal(-0.35 / 0.15, scores[0][2], 1e-12);
        Assert.Equal(-0.45 / 0.2, scores[1][2], 1e-12);
        Assert.Equal(-0.1 / 0.15, scores[2][0], 1e-12);
        Assert.Equal(-0.2 / 0.15, scores[2][1], 1e-12);
    }

    [Fact]
    public void Prediction_NearestWhereNobodyIsNear_LeavesEachAlone()
    {
        var scores = new PredictionSimilarity(PredictionForm.Change, self: SelfScore.Nearest).Score([[0, 0.9, 0.9], [0.9, 0, 0.9], [0.9, 0.9, 0]]).Values;
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(-1, scores[i][(i + 1) % 3], 1e-12));
    }

    [Fact]
    public void Prediction_TinyDistances_AreNotBlownUp() =>
        Assert.Equal(-0.5, new PredictionSimilarity(PredictionForm.Js, self: SelfScore.Scored).Score([[0, 5e-4], [5e-4, 0]]).Values[0][1], 1e-15);

    [Fact]
    public void Prediction_RowNormalised_IsMinusTenTimesTheShareOfTheRow()
    {
        var scores = new PredictionSimilarity(PredictionForm.L1, rowNormalised: true, SelfScore.Scored).Score(Distances);
        Assert.Equal([0, -2, -8], scores.Values[0]);
        Assert.Equal([-2.5, 0, -7.5], scores.Values[1]);
    }

    [Fact]
    public void Fixed_SelfScore_StandsOnTheDiagonal() =>
        Assert.Equal(-0.7, new PredictionSimilarity(PredictionForm.Js, self: SelfScore.Of("fixed:-0.7", "prediction")).Score(Distances).Values[2][2]);

    [Fact]
    public void Validation_Losses_AreNegatedOrExponentiated()
    {
        var round = SyntheticRound.Draw(4, 3);
        double loss = round.ValidationLosses().Mean[1][2];
        Assert.Equal(-loss, new ValidationPerformance().Score(round).Values[1][2]);
        Assert.Equal(-Math.Exp(loss), new ValidationPerformance(ValidationForm.Perplexity).Score(round).Values[1][2]);
    }
}
