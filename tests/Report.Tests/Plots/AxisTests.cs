namespace LoraCollab.Report.Tests;

public class AxisTests
{
    [Fact]
    public void IterationTicks_OfSeventeenAggregations_EndAtTheLastAndDoNotCrowd()
    {
        double[] aggregations = [.. Enumerable.Range(0, 17).Select(k => 100.0 + 25 * k)];
        Assert.Equal(["100", "150", "200", "250", "300", "350", "400", "450", "500"], IterationTicks.Of(aggregations)!.Select(t => t.Label));
        Assert.Equal(["0", "100", "150", "200", "250", "300", "350", "400", "450", "500"], IterationTicks.Of([0, .. aggregations])!.Select(t => t.Label));
        Assert.Null(IterationTicks.Of([]));
    }

    [Fact]
    public void BytesChart_WithAndWithoutBytes_HasAPlaceForNothing()
    {
        var chart = BytesChart.Of([("local", 0, 0, 3), ("fedavg", 1, 2_000_000, 2.5), ("prediction", 2, 20_000_000, 2.4)]);
        double nothing = chart.Series[0].Points[0].X;
        Assert.Equal("none", chart.XTicks![0].Label);
        Assert.Equal(nothing, chart.XTicks[0].X);
        Assert.Equal(["none", "2.0 MB", "5.0 MB", "10.0 MB", "20.0 MB"], chart.XTicks.Select(t => t.Label));
        Assert.Equal(1, chart.Series[2].Points[0].X - chart.Series[1].Points[0].X, 1e-12);
        Assert.True(nothing < chart.Series[1].Points[0].X);
    }

    [Fact]
    public void BaseModel_FarOffTheScale_IsNotedInsteadOfDrawn()
    {
        Bar[] others = [new("local", 0, 380, "380"), new("fedavg", 1, 390, "390")];
        Assert.Empty(BaseModel.Bars(32833, others));
        Assert.Contains("32,833", BaseModel.Note(32833, others.Select(b => b.Mean)), StringComparison.Ordinal);
        Assert.Equal("4.820", Assert.Single(BaseModel.Bars(4.82, [new("local", 0, 2.5, "2.5")])).Text);
        Assert.Equal("", BaseModel.Note(4.82, [2.5]));
    }
}
