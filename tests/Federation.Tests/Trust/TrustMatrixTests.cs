namespace LoraCollab.Federation.Tests;

public class TrustMatrixTests
{
    private static readonly double E = Math.E;

    private static TrustMatrix Softmax(double[][] scores, Func<TrustRule, TrustRule>? change = null)
    {
        var rule = new TrustRule(Topology.Full(scores.Length));
        return TrustMatrix.From(new TrustScores(scores, TrustNormalisation.Softmax), change is null ? rule : change(rule));
    }

    [Fact]
    public void Softmax_ScoresOfTwoClients_AreWeightsByHand()
    {
        var trust = Softmax([[1, 0], [0.25, 0.75]], r => r with { Temperature = 0.5 });
        Assert.Equal(E * E / (E * E + 1), trust[0, 0], 1e-15);
        Assert.Equal(1 / (1 + E), trust[1, 0], 1e-15);
    }

    [Fact]
    public void Softmax_HugeScores_DoNotOverflow()
    {
        var trust = Softmax([[-1e6, -1e6 - 1], [1e6, -1e6]]);
        Assert.Equal(E / (E + 1), trust[0, 0], 1e-12);
        Assert.Equal(1, trust[1, 0]);
    }

    [Fact]
    public void Ring_BestScoreOutsideTheNeighbourhood_HasNoWeight()
    {
        double[][] scores = [[1, 1, 9, 1], [1, 1, 1, 9], [9, 1, 1, 1], [1, 9, 1, 1]];
        var trust = Softmax(scores, _ => new TrustRule(Topology.Ring(4)));
        for (int i = 0; i < 4; i++) Assert.Equal(0, trust[i, (i + 2) % 4]);
        Assert.Equal(1 / 3.0, trust[0, 1], 1e-15);
    }

    [Fact]
    public void Threshold_EqualScores_AreMaskedToo()
    {
        var trust = Softmax([[1, 0.9, 0.5, 0.8], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]], r => r with { Threshold = 0.5 });
        Assert.Equal(0, trust[0, 2]);
        Assert.True(trust[0, 3] > 0);
    }

    [Fact]
    public void Threshold_AboveEveryScore_KeepsTheTwoBest()
    {
        var trust = Softmax([[-1, -9, -3], [-9, -1, -3], [0, 0, 0]], r => r with { Threshold = 5 });
        Assert.Equal([true, false, true], trust.Row(0).ToArray().Select(w => w > 0));
        Assert.Equal([false, true, true], trust.Row(1).ToArray().Select(w => w > 0));
        Assert.Equal([true, false, true], trust.Row(2).ToArray().Select(w => w > 0)); // oneself first among equals, then the lower index
    }

    [Fact]
    public void Threshold_UnderARing_KeepsTheTwoBestOfTheNeighbours()
    {
        double[][] scores = [[-1, -2, 7, -3], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]];
        var trust = Softmax(scores, _ => new TrustRule(Topology.Ring(4)) { Threshold = 5 });
        Assert.Equal([true, true, false, false], trust.Row(0).ToArray().Select(w => w > 0));
    }

    [Fact]
    public void Neighbours_OneselfNotAmongTheBest_IsDroppedAndSaid()
    {
        var trust = Softmax([[0, 3, 2], [3, 9, 2], [1, 2, 3]], r => r with { Neighbours = 2 });
        Assert.Equal([true, false, false], trust.DropsSelf);
        Assert.Equal(0, trust[0, 0]);
        Assert.Equal(E / (E + 1), trust[0, 1], 1e-15);
    }

    [Fact]
    public void Neighbours_AfterThreshold_CountsWhatIsLeft()
    {
        var trust = Softmax([[4, 3, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]], r => r with { Threshold = 1, Neighbours = 2 });
        Assert.Equal([true, true, false, false], trust.Row(0).ToArray().Select(w => w > 0));
    }

    [Fact]
    public void Proportional_UnderAStar_IsRenormalised()
    {
        double[][] gram = [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]];
        var trust = TrustMatrix.From(new TrustScores(gram, TrustNormalisation.Proportional), new TrustRule(Topology.Star(3)));
        Assert.Equal(2 / 3.0, trust[1, 1], 1e-15);
        Assert.Equal(1 / 3.0, trust[1, 0], 1e-15);
        Assert.Equal(0, trust[1, 2]);
    }

    [Fact]
    public void Proportional_NothingForAnyNeighbour_IsOneself()
    {
        double[][] scores = [[0, 0, 0, 1], [1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]];
        var trust = TrustMatrix.From(new TrustScores(scores, TrustNormalisation.Proportional), new TrustRule(Topology.Star(4)));
        Assert.Equal([0, 0, 0, 1], trust.Row(0).ToArray());
        Assert.Equal([1, 0, 0, 0], trust.Row(1).ToArray()); // client 2 is not linked to it
        Assert.Equal([0, 0, 1, 0], trust.Row(2).ToArray());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void From_ScoreNotFinite_IsRefused(double score)
    {
        var e = Assert.Throws<InvalidOperationException>(() => Softmax([[0, score], [0, 0]]));
        Assert.Contains("client 1 for client 0", e.Message);
    }

    [Fact]
    public void FromWeights_RowNotSummingToOne_IsRefused()
    {
        var e = Assert.Throws<InvalidOperationException>(() => TrustMatrix.FromWeights([[0.5, 0.5], [0.5, 0.4]]));
        Assert.Contains("row 1", e.Message);
    }

    [Fact]
    public void FromWeights_NegativeWeight_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => TrustMatrix.FromWeights([[1.5, -0.5], [0.5, 0.5]]));

    [Theory]
    [InlineData(1.2)]
    [InlineData(2)]
    [InlineData(3.9)]
    public void EffectiveNeighbours_Kappa_IsTheRowsPerplexity(double kappa)
    {
        double[][] scores = [[0, -0.1, -0.3, -2], [0, -1, -2, -3], [5, 4, 4, 1], [0, 0.01, 0.02, 0.03]];
        var trust = Softmax(scores, r => r with { EffectiveNeighbours = kappa, Temperature = 123 });
        for (int i = 0; i < 4; i++) Assert.Equal(kappa, Math.Exp(-trust.Row(i).ToArray().Sum(w => w == 0 ? 0 : w * Math.Log(w))), 1e-9);
    }

    [Fact]
    public void EffectiveNeighbours_EqualScoresOrLargeKappa_GiveEqualShares()
    {
        var trust = Softmax([[1, 1, 1], [3, 2, 1], [1, 1, 1]], r => r with { EffectiveNeighbours = 3 });
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) Assert.Equal(1 / 3.0, trust[i, j], 1e-15);
        Assert.Equal(0.5, Softmax([[0, 0], [0, 0]], r => r with { EffectiveNeighbours = 1.5 })[0, 1]);
    }
}
