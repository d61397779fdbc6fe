namespace LoraCollab.Report.Tests;

public class PlotTests
{
    [Fact]
    public void Styles_OfTwentyEightSeries_AreAllDifferent() => Assert.Equal(28, Enumerable.Range(0, 28).Select(SeriesStyle.Of).Distinct().Count());

    /// <summary>Reports are read side by side: a scheme must not change its colour with what else was run.</summary>
    [Fact]
    public void Styles_OfSchemes_ArePlacedByNameAndDiffer()
    {
        Assert.Equal([0, 1, 2, 3, 4, 5], StrategyRegistry.Standard.Select(SchemeStyle.Of));
        int[] all = [.. StrategyRegistry.Names.Select(SchemeStyle.Of), SchemeStyle.Base, SchemeStyle.Of("of another version")];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all.Length, all.Select(SeriesStyle.Of).Distinct().Count());
    }

    [Theory]
    [InlineData("validation", Payload.Losses, Direction.Up, 1, "passes adapters on", "weighs and mixes")]
    [InlineData("cobo", Payload.Gradient, Direction.Up, 11, "passes adapters on", "weighs and mixes")]
    [InlineData("fedavg", Payload.Adapter, Direction.Down, 1, "weighs and mixes", "goes on from it")]
    [InlineData("ifca", Payload.Adapter, Direction.Down, 4, "averages clusters", "takes the best model")]
    public void Round_OfAScheme_SaysWhoMixes(string scheme, Payload payload, Direction direction, int count, string server, string client) =>
        Assert.Equal(("server", server, client), BytesFigures.Roles(scheme, [new RoundBytes(payload, direction, count, 100)], peers: false));

    [Fact]
    public void Bytes_OfEveryPayload_HaveWordsForOneAndForMore()
    {
        Assert.Equal("11 gradients, 540,672 B", BytesFigures.Text(new RoundBytes(Payload.Gradient, Direction.Up, 11, 540672)));
        Assert.Equal("1 gradient, 49,152 B", BytesFigures.Text(new RoundBytes(Payload.Gradient, Direction.Up, 1, 49152)));
        foreach (var payload in Enum.GetValues<Payload>())
            Assert.StartsWith("1.5 ", BytesFigures.Text(new RoundBytes(payload, Direction.Up, 1.5, 3)), StringComparison.Ordinal);
        Assert.Equal(("1 client", "2 clients"), (Format.Several(1, "client"), Format.Several(2, "client")));
    }

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
