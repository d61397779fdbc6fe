namespace LoraCollab.Federation.Tests;

public class TrustStatisticsTests
{
    [Fact]
    public void Statistics_ThreeClientsOfTwoCategories_AreAsByHand()
    {
        double[][] weights = [[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0, 0, 1]];
        var s = TrustStatistics.Of(weights, [[1, 0], [0.9, 0.1], [0, 1]]);
        Assert.Equal(2.3 / 3, s.SelfWeight, 1e-15);
        Assert.Equal(0.2, s.SameCategory!.Value, 1e-15);
        Assert.Equal(0.075, s.OtherCategory!.Value, 1e-15);
        Assert.Equal((0.8 + 0.9 + 1) / 3, s.InsideCategory, 1e-15);
        Assert.Equal(1, TrustStatistics.Of([[1, 0], [0, 1]], [[1], [1]]).EffectiveNeighbours, 1e-15);
        Assert.Null(TrustStatistics.Of([[1, 0], [0, 1]], [[1], [1]]).OtherCategory);
    }

    [Fact]
    public void Statistics_BesideTheTheoreticalMatrix_AreAsByHand()
    {
        double[][] weights = [[0.5, 0.5], [0, 1]], theoretical = PlantedStructure.Trust([[0.75, 0.25], [0.25, 0.75]], Topology.Full(2));
        Assert.Equal(0.625, theoretical[0][0], 1e-15); // ⟨p, p⟩ = 10/16 and ⟨p, q⟩ = 6/16
        var s = TrustStatistics.Of(weights, [[0.75, 0.25], [0.25, 0.75]], theoretical);
        Assert.Equal(0.5 * Math.Log(2), s.Entropy, 1e-15);
        Assert.Equal(1.5, s.EffectiveNeighbours, 1e-15);
        Assert.Equal((0.125 + 0.375) / 2, s.TheoreticalDistance!.Value, 1e-15);
        Assert.Null(TrustStatistics.Of(weights, [[1, 0], [0, 1]]).TheoreticalDistance);
    }
}
