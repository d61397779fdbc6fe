namespace LoraCollab.Cli.Tests;

public class ReportTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(884736, "884.7 kB")]
    [InlineData(999_999, "1.0 MB")]
    [InlineData(2_359_296, "2.4 MB")]
    public void Bytes_OfAnySize_HaveAUnit(double bytes, string expected) => Assert.Equal(expected, Format.Bytes(bytes));

    [Theory]
    [InlineData(0.42, "0.4 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.6, "60 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(7800, "2 h 10 min")]
    public void Duration_OfAnyLength_IsShort(double seconds, string expected) => Assert.Equal(expected, Format.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Heatmap_WithoutColours_ShowsValuesAndLabelsAligned()
    {
        using var text = new StringWriter();
        string[] names = ["World", "Sports"];
        TrustHeatmap.Write(Terminal.Plain(text), [new("FedAvg", [[0.5, 0.5], [0.25, 0.75]], names), new("weights", [[1, 0], [0.004, 0.996]], names)]);
        string[] lines = [.. text.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())];
        Assert.Equal("FedAvg                weights", lines[0]);
        Assert.Equal("            0    1                0    1", lines[1]);
        Assert.Equal("0 World   .50  .50    0 World  1.00    ·", lines[2]);
        Assert.Equal("1 Sports  .25  .75    1 Sports  .00 1.00", lines[3]);
    }

    [Fact]
    public void ColourScale_FromLowToHigh_GrowsLighter()
    {
        double last = -1;
        for (int i = 0; i <= 100; i++)
        {
            var c = ColourScale.At(i / 100.0);
            double lightness = 0.299 * c.R + 0.587 * c.G + 0.114 * c.B;
            Assert.True(lightness > last, $"at {i} %: {lightness} after {last}");
            last = lightness;
        }
    }

    [Fact]
    public void Heatmaps_OfEightClients_FitTwoALine()
    {
        var labels = Enumerable.Repeat("Sci/Tech", 8).ToArray();
        var rows = Enumerable.Repeat((IReadOnlyList<double>)Enumerable.Repeat(0.125, 8).ToArray(), 8).ToArray();
        using var text = new StringWriter();
        TrustHeatmap.Write(Terminal.Plain(text), [new("a", rows, labels), new("b", rows, labels), new("c", rows, labels)]);
        string[] lines = [.. text.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())];
        Assert.Matches("^a +b$", lines[0]);
        Assert.All(lines, l => Assert.True(l.Length <= 120, l));
    }
}
