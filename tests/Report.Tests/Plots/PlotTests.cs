using LoraCollab.Report.Plots;
using LoraCollab.Report.Runs;

namespace LoraCollab.Report.Tests;

public class PlotTests
{
    [Fact]
    public void Styles_OfTwentyEightSeries_AreAllDifferent() => Assert.Equal(28, Enumerable.Range(0, 28).Select(SeriesStyle.Of).Distinct().Count());

    [Theory]
    [InlineData(0, 4.9, 6, new[] { 0.0, 1, 2, 3, 4 })]
    [InlineData(-0.13, 0.09, 6, new[] { -0.1, -0.05, 0, 0.05 })]
    [InlineData(3, 3, 6, new[] { 3.0 })]
    public void RoundNumbers_OfARange_AreTheFewestThatFit(double least, double most, int count, double[] expected)
    {
        var found = RoundNumbers.Between(least, most, count);
        Assert.Equal(expected.Length, found.Count);
        for (int k = 0; k < expected.Length; k++) Assert.Equal(expected[k], found[k], 1e-12);
    }

    [Fact]
    public void Range_WithoutDiagonal_LeavesOneselfOut()
    {
        double[][] matrix = [[0.9, 0.1], [double.NaN, 0.8]];
        Assert.Equal(0.9, HeatmapRange.OfAll([matrix]).Most);
        Assert.Equal(0.1, HeatmapRange.OfAll([matrix], withoutDiagonal: true).Most);
        Assert.Equal((0.1, 0.9), HeatmapRange.Free.Of(matrix));
        Assert.Equal((0, 0.35), new HeatmapRange(0.35).Of(matrix));
    }

    /// <summary>For 1, 2, 3, 4 the standard error is √(5/3)/2 and t with three degrees of freedom 3.1824.</summary>
    [Fact]
    public void Interval_OfFourClients_IsAsInTables()
    {
        var found = MeanInterval.Of([1, 2, 3, 4]);
        Assert.Equal(2.5, found.Mean);
        Assert.Equal(3.182446 * Math.Sqrt(5.0 / 3) / 2, found.HalfWidth!.Value, 1e-6);
        Assert.Null(MeanInterval.Of([1]).HalfWidth);
    }
}
