using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace LoraCollab.Report.Plots;

/// <summary>
/// The error of central differences against the step size, both logarithmic: truncation falls to the left with slope 2, rounding rises with slope −1.
/// </summary>
public static class StepSweepPicture
{
    private const int Width = 820, Height = 500;

    /// <summary>An error of nothing is drawn here.</summary>
    private const double Least = 1e-17;

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Above it.</param>
    /// <param name="sweeps">A line each, and a second with squares where the backend computes in float32.</param>
    /// <param name="own">What the backend is called.</param>
    public static void Save(string path, string title, IReadOnlyList<StepSweep> sweeps, string own)
    {
        using var plot = new Plot();
        PlotTheme.Apply(plot, title, "step h", "relative error of (L(θ + h) − L(θ − h)) / 2h");
        Guide(plot, sweeps);
        for (int i = 0; i < sweeps.Count; i++)
        {
            Line(plot, sweeps[i], s => s.Error, i, $"{sweeps[i].Name}, double", MarkerShape.FilledCircle);
            if (sweeps[i].BestOwn is not null) Line(plot, sweeps[i], s => s.OwnError!.Value, i, $"{sweeps[i].Name}, {own}", MarkerShape.OpenSquare);
        }
        Ticks(plot.Axes.Bottom, -10, -1, 1);
        var (low, high) = Range(sweeps);
        Ticks(plot.Axes.Left, low, high, high - low > 12 ? 2 : 1);
        plot.Axes.SetLimits(-10.2, -0.8, low, high);
        plot.ShowLegend(Edge.Right);
        Picture.Save(path, Width, Height, canvas => plot.Render(canvas, new PixelRect(0, Width, Height, 0)));
    }

    private static void Line(Plot plot, StepSweep sweep, Func<StepError, double> error, int number, string name, MarkerShape marker)
    {
        double[] x = [.. sweep.Steps.Select(s => Math.Log10(s.Step))], y = [.. sweep.Steps.Select(s => Log(error(s)))];
        var line = plot.Add.Scatter(x, y, SeriesStyle.Of(number).Colour);
        (line.LineWidth, line.MarkerShape, line.MarkerSize, line.LegendText) = (1.6f, marker, 6, name);
    }

    /// <summary>Slope 2 through the most curved line at h = 0.1, slope −1 through the first line at the smallest h: both to where they meet.</summary>
    private static void Guide(Plot plot, IReadOnlyList<StepSweep> sweeps)
    {
        double top = sweeps.Max(s => Log(s.Steps[0].Error)), rounding = Log(sweeps[0].Steps[^1].Error);
        double first = Math.Log10(StepSweep.Sizes[0]), last = Math.Log10(StepSweep.Sizes[^1]);
        // top + 2(x − first) = rounding − (x − last)
        double meet = (rounding + last - top + 2 * first) / 3;
        if (meet <= last || meet >= first) return;
        double y = top + 2 * (meet - first);
        foreach (var (x0, y0, name) in ((double, double, string)[])[(first, top, "slope 2: truncation"), (last, rounding, "slope −1: rounding")])
        {
            var line = plot.Add.Line(x0, y0, meet, y);
            (line.LineColor, line.LineWidth, line.LegendText) = (name[6] == '2' ? PlotTheme.Guide : PlotTheme.Guide.WithAlpha(0.5), 3, name);
        }
    }

    private static (double Low, double High) Range(IReadOnlyList<StepSweep> sweeps)
    {
        double[] all = [.. sweeps.SelectMany(s => s.Steps).SelectMany(s => s.OwnError is { } own ? (double[])[Log(s.Error), Log(own)] : [Log(s.Error)])];
        return (Math.Floor(all.Min() - 0.3), Math.Ceiling(all.Max() + 0.3));
    }

    private static void Ticks(IAxis axis, double from, double to, double step)
    {
        double[] places = [.. Enumerable.Range(0, (int)((to - from) / step) + 1).Select(k => from + k * step)];
        axis.TickGenerator = new NumericManual(places, [.. places.Select(p => "1e" + p.ToString("0", CultureInfo.InvariantCulture))]);
    }

    private static double Log(double error) => Math.Log10(double.IsFinite(error) ? Math.Max(error, Least) : 1e3);
}
