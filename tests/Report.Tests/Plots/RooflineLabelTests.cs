namespace LoraCollab.Report.Tests;

public class RooflineLabelTests
{
    private static readonly PlotBox s_frame = new(0, 0, 700, 600);

    /// <summary>Two points cover each other and a third stands where their label would: it must not be printed over.</summary>
    [Fact]
    public void Label_BelowTwoPoints_LeavesAThirdFree()
    {
        var labels = RooflineLabels.Of([(300, 300, 13), (303, 306, 13), (301, 320, 13)], s_frame, []);
        Clear(labels, [(300, 300, 13), (303, 306, 13), (301, 320, 13)]);
        Assert.Equal(["1, 2", "3"], labels.Select(l => l.Text));
    }

    [Fact]
    public void Labels_OfCrowdsOfPoints_TouchNeitherEachOtherNorForeignPoints()
    {
        var random = new Random(5);
        for (int crowd = 0; crowd < 100; crowd++)
        {
            (double, double, double)[] points =
                [.. Enumerable.Range(0, 28).Select(k => (40 + 620 * random.NextDouble(), 200 + 4.0 * crowd * random.NextDouble(), k < 4 ? 30.0 : 13))];
            var labels = RooflineLabels.Of(points, s_frame, []);
            Clear(labels, points);
            Assert.Equal(Enumerable.Range(0, 28), labels.SelectMany(l => l.Points).Order());
        }
    }

    [Fact]
    public void Label_OfPointsUnderOtherText_StandsElsewhere()
    {
        (double, double, double)[] points = [(300, 300, 13), (303, 306, 13)];
        PlotBox text = new(250, 313, 350, 330);
        var label = Assert.Single(RooflineLabels.Of(points, s_frame, [text]));
        Assert.False(label.Box.Touches(text));
        Clear([label], points);
    }

    private static void Clear(IReadOnlyList<RooflineLabel> labels, (double X, double Y, double Diameter)[] points)
    {
        foreach (var label in labels)
        {
            for (int p = 0; p < points.Length; p++)
                if (!label.Points.Contains(p))
                    Assert.False(label.Box.Touches(PlotBox.Around(points[p].X, points[p].Y, points[p].Diameter, points[p].Diameter)),
                        $"{label.Text} covers {p + 1}");
            foreach (var other in labels)
                if (other != label) Assert.False(label.Box.Touches(other.Box), $"{label.Text} covers {other.Text}");
        }
    }
}
