using ScottPlot;
using ScottPlot.TickGenerators;

namespace LoraCollab.Report.Plots;

/// <summary>Diagrams side by side with two logarithmic axes each, the measured points, and a grey line of slope 1 through the first of them.</summary>
public static class LogLogPicture
{
    private const int PanelWidth = 560, Height = 420;

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="panels">From left to right.</param>
    public static void Save(string path, IReadOnlyList<LogLogPanel> panels)
    {
        var picture = new Multiplot();
        picture.AddPlots(panels.Count);
        picture.Layout = new ScottPlot.MultiplotLayouts.Columns();
        for (int i = 0; i < panels.Count; i++) Draw(picture.GetPlot(i), panels[i]);
        int width = PanelWidth * panels.Count;
        Picture.Save(path, width, Height, canvas => picture.Render(canvas, new PixelRect(0, width, Height, 0)));
    }

    private static void Draw(Plot plot, LogLogPanel panel)
    {
        PlotTheme.Apply(plot, panel.Title, panel.X);
        double[] x = [.. panel.Points.Select(p => Math.Log10(p.X))], y = [.. panel.Points.Select(p => Math.Log10(p.Y))];
        var (left, right, bottom, top) = Limits(x, y);
        AddGuide(plot, x[0], y[0], right);
        var line = plot.Add.Scatter(x, y, PlotTheme.Series[0]);
        (line.LineWidth, line.MarkerSize) = (2, 8);
        line.LegendText = $"measured, slope {Format.Fixed(LogSlope.Over([.. panel.Points.Select(p => (p.X, p.Y))]))}";
        plot.Axes.Bottom.TickGenerator = new NumericManual(x, [.. panel.Points.Select(p => p.Label)]);
        double[] ticks = [.. Ticks(bottom, top)];
        plot.Axes.Left.TickGenerator = new NumericManual(ticks, [.. ticks.Select(t => panel.Text(Math.Pow(10, t)))]);
        plot.Axes.SetLimits(left, right, bottom, top);
        plot.ShowLegend(Alignment.UpperLeft);
    }

    private static void AddGuide(Plot plot, double x, double y, double right)
    {
        var guide = plot.Add.Line(x, y, right, y + right - x);
        (guide.LineColor, guide.LineWidth, guide.LegendText) = (PlotTheme.Guide, 1.5f, "slope 1");
    }

    /// <summary>In powers of ten: the points with some room around them, and room for the legend above; never less than a factor of four.</summary>
    private static (double Left, double Right, double Bottom, double Top) Limits(double[] x, double[] y)
    {
        double width = Math.Max(x[^1] - x[0], 0.3), height = Math.Max(y.Max() - y.Min(), 0.6);
        return (x[0] - 0.06 * width, x[^1] + 0.06 * width, y.Min() - 0.1 * height, y.Min() + 1.3 * height);
    }

    /// <summary>The logarithms of 1, 2, 5, 10, 20, …; over less than a decade of more numbers, over more than three of the powers of ten alone.</summary>
    private static IEnumerable<double> Ticks(double bottom, double top) =>
        RoundNumbers.Decades(bottom, top, top - bottom > 3 ? [1] : top - bottom > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 7]).Select(t => t.At);
}

/// <summary>One diagram of a log-log picture.</summary>
/// <param name="Title">What is on the y axis.</param>
/// <param name="X">What is on the x axis.</param>
/// <param name="Points">From left to right.</param>
/// <param name="Text">A value of the y axis for people, with its unit.</param>
public sealed record LogLogPanel(string Title, string X, IReadOnlyList<LogLogPoint> Points, Func<double, string> Text);

/// <summary>One measured point of a log-log picture; both coordinates are above zero.</summary>
/// <param name="X">What was varied.</param>
/// <param name="Label">How the axis names it: "64", "gpt2".</param>
/// <param name="Y">What was measured.</param>
public readonly record struct LogLogPoint(double X, string Label, double Y);

/// <summary>The exponent p of y ≈ c·xᵖ: the slope in a picture with two logarithmic axes. 1: twice the size, twice the cost.</summary>
public static class LogSlope
{
    /// <summary>Between two points; NaN where it is not defined.</summary>
    public static double Between((double X, double Y) a, (double X, double Y) b) => Over([a, b]);

    /// <summary>The line of least squares through the logarithms of all points; NaN for fewer than two different x.</summary>
    public static double Over(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < 2) return double.NaN;
        double x = points.Average(p => Math.Log(p.X)), y = points.Average(p => Math.Log(p.Y));
        double products = points.Sum(p => (Math.Log(p.X) - x) * (Math.Log(p.Y) - y)), squares = points.Sum(p => (Math.Log(p.X) - x) * (Math.Log(p.X) - x));
        return squares > 0 ? products / squares : double.NaN;
    }
}
