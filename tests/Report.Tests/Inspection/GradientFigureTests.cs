namespace LoraCollab.Report.Tests;

/// <summary>The picture shows the most where something is wrong: what is zero or not finite has a place in it.</summary>
public sealed class GradientFigureTests : IDisposable
{
    private const int Layers = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static GradientReport Report(Func<int, double> stream, Func<int, double> a, Func<int, double?> update) => new()
    {
        Steps = 0,
        Batches = 1,
        Loss = 1,
        Way = [],
        IsInitial = false,
        Tensors =
        [
            .. Enumerable.Range(0, Layers).SelectMany(l => new[]
            {
                new TensorGradient($"act.h.{l}", GradientKind.Activation, Of(stream(l))),
                new TensorGradient($"act.h.{l}.ln_1", GradientKind.Activation, Of(1)),
                new TensorGradient($"base_model.model.transformer.h.{l}.attn.c_attn.lora_A.weight", GradientKind.Parameter, Of(a(l)))
                { UpdateRatio = update(l) },
            }),
        ],
    };

    private static GradientStatistics Of(double norm) => new(norm, norm, norm == 0 ? 1 : 0, 1, norm == 0 ? 1 : 0, double.IsFinite(norm) ? 0 : 1);

    [Fact]
    public void Charts_OfZerosAndNaN_HaveAMarkABlockOutsideTheScale()
    {
        var charts = GradientFigure.Charts(Report(l => l == 0 ? double.NaN : 1e-3, _ => 0, _ => null));
        Assert.All(charts, c => Assert.Equal(-0.35, c.XRange!.Value.Least, 1e-9));
        Assert.All(charts, c => Assert.Equal(Layers - 0.65, c.XRange!.Value.Most, 1e-9));

        var stream = charts[0].Series.Single(s => s.Name == "stream");
        var (x, y) = Assert.Single(stream.NotFinite);
        Assert.InRange(x, -0.3, 0.3);
        Assert.InRange(y, stream.Points.Concat(charts[0].Series.SelectMany(s => s.Points)).Max(p => p.Y) + 0.01, charts[0].YRange!.Value.Most - 0.01);
        Assert.Contains((y, "NaN, ∞"), charts[0].YTicks!);
        Assert.Equal(Layers - 1, stream.Points.Count);

        var zeros = Assert.Single(charts[1].Series).Zeros;
        Assert.Equal(Layers, zeros.Count);
        Assert.Equal((zeros[0].Y, "0"), Assert.Single(charts[1].YTicks!)); // and no scale, since no value is on it
        Assert.All(zeros, z => Assert.InRange(z.Y, charts[1].YRange!.Value.Least + 0.01, charts[1].YRange!.Value.Most));

        Assert.Contains("none for 3 of 3 tensors", charts[2].Title, StringComparison.Ordinal);
        Assert.True(Assert.Single(charts[2].Series).IsEmpty);
    }

    [Fact]
    public void Charts_OfAHealthyGradient_HaveNoMarks()
    {
        var charts = GradientFigure.Charts(Report(_ => 1, _ => 2, _ => 0.1));
        Assert.All(charts.SelectMany(c => c.Series), s => Assert.Equal((Layers, 0, 0), (s.Points.Count, s.Zeros.Count, s.NotFinite.Count)));
        Assert.All(charts, c => Assert.DoesNotContain(c.YTicks!, t => t.Label is "0" or "NaN, ∞"));
    }

    [Fact]
    public void Picture_OfAFault_HasItsVerdictAndALegendOfTheMarks()
    {
        string path = _folder.At("gradients");
        GradientFigure.Save(path, "title", Report(_ => double.PositiveInfinity, _ => 0, _ => 0.1), ["FAULT, dead: first", "FAULT, dead: second"]);
        string svg = File.ReadAllText(path + ".svg");
        foreach (string part in new[] { "verdict: FAULT, dead: first (and 1 more)", "zero", "NaN or infinite" })
            Assert.Contains(part, svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Styles_OfTenSeriesOfManyColours_HaveTenColours() =>
        Assert.Equal(10, Enumerable.Range(0, 10).Select(k => SeriesStyle.Of(new Series("", k, []) { ManyColours = true }).Colour).Distinct().Count());
}
