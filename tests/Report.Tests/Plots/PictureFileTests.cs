using System.Text.RegularExpressions;
using SkiaSharp;

namespace LoraCollab.Report.Tests;

/// <summary>Pictures of sizes that no small run has.</summary>
public sealed class PictureFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static double[][] Identity(int n) => [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0).ToArray())];

    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    [InlineData(40)]
    public void Heatmap_OfIdentity_IsLightOnTheDiagonalAndDarkBesideIt(int clients)
    {
        string[] labels = [.. Enumerable.Range(0, clients).Select(i => 2 * i < clients ? "World" : "Sports")];
        HeatmapPicture.Save(_folder.At("map"), "a title that is longer than the map of two clients",
            [new("one", Identity(clients)), new("two", Identity(clients))], labels, new HeatmapRange(1));
        using var picture = SKBitmap.Decode(_folder.At("map.png"));
        var counts = picture.Pixels.GroupBy(p => p).ToDictionary(g => g.Key, g => g.Count());
        int light = counts.GetValueOrDefault(new SKColor(253, 233, 69)), dark = counts.GetValueOrDefault(new SKColor(0, 32, 81));
        // Dots and values take a little of each cell.
        Assert.InRange((double)dark / light, 0.9 * (clients - 1), 1.35 * (clients - 1));
        Assert.DoesNotContain("stroke-dasharray", File.ReadAllText(_folder.At("map.svg")));
    }

    [Fact]
    public void Picture_KilledAtAnyStep_IsWholeOrNotThere()
    {
        void Draw(string name) =>
            HeatmapPicture.Save(_folder.At(name), "a map", [new("one", Identity(3))], ["World", "Sports", "Business"], new HeatmapRange(1));
        Draw("whole");
        int deaths = Crashes.AtEveryStep(() => Draw("map"), place =>
        {
            foreach (string ending in new[] { ".png", ".svg" })
            {
                if (!File.Exists(_folder.At("map" + ending))) continue;
                Assert.True(File.ReadAllBytes(_folder.At("whole" + ending)).SequenceEqual(File.ReadAllBytes(_folder.At("map" + ending))), place);
                File.Delete(_folder.At("map" + ending));
            }
        });
        Assert.InRange(deaths, 8, 12);
    }

    [Fact]
    public void Chart_OfTwentyFiveMethods_NamesEveryOne()
    {
        Series[] series = [.. Enumerable.Range(0, 25).Select(k => new Series($"method{k}", k, [(1, k), (2, k + 1.5)]))];
        ChartPicture.Save(_folder.At("chart"), "title", [new Chart("left", "x", "y", series), new Chart("right", "x", "y", series)], 2);
        string svg = File.ReadAllText(_folder.At("chart.svg"));
        foreach (var one in series) Assert.Contains(one.Name, svg, StringComparison.Ordinal);
        using var picture = SKBitmap.Decode(_folder.At("chart.png"));
        var colours = picture.Pixels.ToHashSet();
        for (int k = 0; k < 7; k++)
        {
            var colour = SeriesStyle.Of(k).Colour;
            Assert.Contains(new SKColor(colour.R, colour.G, colour.B), colours);
        }
    }

    [Fact]
    public void Sweep_WithIntervals_PutsTheSchemesBesideEachOther()
    {
        SweepPicture.Save(_folder.At("sweep"), "title", "learning rate (lr)", ["1e-3", "1e-2"],
            [new("left", "y", [new("a", 0, [2, 3]) { HalfWidths = [0.1, null] }, new("b", 1, [2, double.NaN]) { HalfWidths = [0.1, 0.1] }])]);
        Assert.True(new FileInfo(_folder.At("sweep.png")).Length > 5000);
        Assert.DoesNotContain("a single seed", File.ReadAllText(_folder.At("sweep.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void Sweep_OfSeveralSeeds_ShowsThemMarksTheChosenValueAndHasOneScale()
    {
        SweepLine line = new("a", 0, [2, 400]) { Seeds = [[1.5, 2.5], [300, 500]], Chosen = 0 };
        SweepPicture.Save(_folder.At("sweep"), "title", "learning rate (lr)", ["1e-3", "1e-2"],
            [new("left", "y", [line]), new("right", "y", [line with { Means = [2, 3], Seeds = [] }])], oneScale: true);
        string svg = File.ReadAllText(_folder.At("sweep.svg"));
        foreach (string text in new[] { "a single seed", "chosen by trust-validation", "learning rate (lr)" })
            Assert.Contains(text, svg, StringComparison.Ordinal);
        // One logarithmic axis for both, since 400 is far from 2.
        foreach (string tick in new[] { "2", "20", "200" }) Assert.Equal(2, Regex.Count(svg, $@"^\s*{tick}\s*$", RegexOptions.Multiline));
    }

    [Fact]
    public void Round_OfLongTexts_IsAsWideAsTheyNeed()
    {
        const string text = "11 adapters to correct weights by, 540,672 B";
        RoundRow row = new("fedex", 0, ("server", "weighs and mixes"), "goes on from it", new RoundArrow(["1 adapter"], 10), new RoundArrow([text], 20));
        var widths = RoundPicture.Widths.Of([row]);
        Assert.True(widths.Arrow >= CanvasDrawing.Width(text, 11.5) + 20, $"{widths.Arrow}");
        Assert.Equal(132, widths.Box);
    }

    /// <summary>A reader without Open Sans would otherwise take its own choice, often one with serifs.</summary>
    [Fact]
    public void Svg_OfAnyText_NamesAFallback()
    {
        ChartPicture.Save(_folder.At("chart"), "title", [new Chart("one", "x", "y", [new Series("a", 0, [(1, 2), (2, 3)])])]);
        string svg = File.ReadAllText(_folder.At("chart.svg"));
        Assert.All(Regex.Matches(svg, "font-family=\"([^\"]*)\""), m => Assert.EndsWith(", sans-serif", m.Groups[1].Value, StringComparison.Ordinal));
        Assert.Contains("font-family", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Heatmap_OfNineClients_IsTwoByTwo()
    {
        foreach (int n in new[] { 8, 9 })
        {
            string[] labels = [.. Enumerable.Range(0, n).Select(i => "World")];
            HeatmapPanel[] panels = [.. Enumerable.Range(0, 4).Select(k => new HeatmapPanel($"{k}", Identity(n)))];
            HeatmapPicture.Save(_folder.At($"map{n}"), "title", panels, labels, HeatmapRange.Free);
        }
        using SKBitmap eight = SKBitmap.Decode(_folder.At("map8.png")), nine = SKBitmap.Decode(_folder.At("map9.png"));
        Assert.True(eight.Width > 2 * eight.Height && nine.Width < 1.3 * nine.Height, $"{eight.Width} × {eight.Height}, {nine.Width} × {nine.Height}");
    }

    [Theory]
    [InlineData(0.35, true)]
    [InlineData(1, false)]
    public void Heatmap_OfValuesAboveItsRange_SaysSo(double most, bool expected)
    {
        HeatmapPicture.Save(_folder.At("map"), "title", [new("one", Identity(3))], ["a", "b", "c"], new HeatmapRange(most));
        Assert.Equal(expected, File.ReadAllText(_folder.At("map.svg")).Contains('≥', StringComparison.Ordinal));
    }

    [Fact]
    public void Roofline_OfThreeOps_NamesThemByTheirShareAndDrawsBothRoofs()
    {
        RooflinePicture.Save(_folder.At("roofline"), "made up", 200, [("cache", 100), ("memory", 20)],
            [new("forward", "small, forward", 0.1, 2, 0.05), new("forward", "large, forward", 30, 150, 0.6), new("backward", "other, backward", 2, 30, 0.3)],
            "no FLOPs, so no points: copy 2.0 %");
        string svg = File.ReadAllText(_folder.At("roofline.svg"));
        int[] places = [.. new[] { "large, forward", "other, backward", "small, forward" }.Select(name => svg.IndexOf(name, StringComparison.Ordinal))];
        Assert.True(places[0] > 0 && places[0] < places[1] && places[1] < places[2], string.Join(", ", places));
        foreach (string text in new[] { "cache, 100 GB/s", "memory, 20 GB/s", "200 GFLOP/s", "60.0 %", "no FLOPs, so no points: copy 2.0 %" })
            Assert.Contains(text, svg, StringComparison.Ordinal);
    }
}
