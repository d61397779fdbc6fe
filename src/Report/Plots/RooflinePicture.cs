using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>
/// A roofline (Williams, Waterman, Patterson, doi:10.1145/1498765.1498785): how fast each kind of work is against its FLOPs a byte, under the roofs
/// min(peak, intensity · bandwidth) of the caches and of memory. Points are numbered, the largest share of the time first; the list beside the diagram names them.
/// </summary>
public static class RooflinePicture
{
    private const int DiagramWidth = 760, ListWidth = 350, Height = 620, TitleHeight = 34, RowHeight = 19, MostListed = 28;
    private const double LeastDiameter = 13, MostDiameter = 36;

    private static readonly Color s_roofText = Color.FromHex("#5A5A5A");

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Above it.</param>
    /// <param name="peak">GFLOP/s at most.</param>
    /// <param name="bandwidths">Names of the sloped roofs and their GB/s.</param>
    /// <param name="points">What was measured.</param>
    public static void Save(string path, string title, double peak, IReadOnlyList<(string Name, double GbS)> bandwidths, IReadOnlyList<RooflinePoint> points)
    {
        PlotFont.Register();
        RooflinePoint[] ordered = [.. points.OrderByDescending(p => p.Share).Take(MostListed)];
        string[] groups = [.. points.Select(p => p.Group).Distinct()];
        Color Colour(RooflinePoint p) => PlotTheme.Series[Array.IndexOf(groups, p.Group) % PlotTheme.Series.Count];
        var plot = new Plot();
        PlotTheme.Apply(plot, "", "arithmetic intensity, FLOP/byte", "GFLOP/s");
        var (left, right, bottom, top) = Limits(peak, points);
        foreach (var (name, rate) in bandwidths) AddRoof(plot, name, rate, peak, left, right, bottom);
        foreach (var point in ordered) AddPoint(plot, point, Colour(point));
        for (int i = ordered.Length - 1; i >= 0; i--) AddNumber(plot, ordered[i], i + 1);
        plot.Axes.Bottom.TickGenerator = Ticks(left, right);
        plot.Axes.Left.TickGenerator = Ticks(bottom, top);
        plot.Axes.SetLimits(left, right, bottom, top);
        Picture.Save(path, DiagramWidth + ListWidth, TitleHeight + Height, canvas =>
        {
            canvas.Save();
            canvas.Translate(0, TitleHeight);
            plot.Render(canvas, new PixelRect(0, DiagramWidth, Height, 0));
            canvas.Restore();
            canvas.Write(title, (DiagramWidth + ListWidth) / 2.0, TitleHeight / 2.0 + 2, 15, align: SKTextAlign.Center, bold: true);
            for (int i = 0; i < ordered.Length; i++) List(canvas, i, ordered[i], Colour(ordered[i]));
        });
    }

    /// <summary>Rises with slope 1 to the peak and goes on level.</summary>
    private static void AddRoof(Plot plot, string name, double rate, double peak, double left, double right, double bottom)
    {
        double start = Math.Max(left, bottom - Math.Log10(rate)), ridge = Math.Log10(peak / rate), height = Math.Log10(peak);
        var roof = plot.Add.ScatterLine(new double[] { start, ridge, right }, new double[] { start + Math.Log10(rate), height, height }, PlotTheme.Guide);
        roof.LineWidth = 2;
        double at = start + 0.06 * (right - left);
        var text = plot.Add.Text($"{name}, {Profiles.ProfileText.Digits(rate)} GB/s", at, at + Math.Log10(rate));
        (text.LabelFontSize, text.LabelFontColor, text.LabelAlignment) = (12, s_roofText, Alignment.UpperLeft);
        (text.OffsetX, text.OffsetY) = (14, 4);
        var level = plot.Add.Text($"{Profiles.ProfileText.Digits(peak)} GFLOP/s", right, height);
        (level.LabelFontSize, level.LabelFontColor, level.LabelAlignment) = (12, s_roofText, Alignment.LowerRight);
    }

    private static void AddPoint(Plot plot, RooflinePoint point, Color colour) =>
        plot.Add.Marker(Math.Log10(point.Intensity), Math.Log10(point.GflopS), MarkerShape.FilledCircle, (float)Diameter(point), colour.WithAlpha(0.75));

    /// <summary>After all points, so that none covers a number.</summary>
    private static void AddNumber(Plot plot, RooflinePoint point, int number)
    {
        var text = plot.Add.Text($"{number}", Math.Log10(point.Intensity), Math.Log10(point.GflopS));
        (text.LabelFontSize, text.LabelBold, text.LabelFontColor, text.LabelAlignment) = (10, true, Colors.Black, Alignment.MiddleCenter);
    }

    /// <summary>The area says what share of the time it is.</summary>
    private static double Diameter(RooflinePoint point) => Math.Max(LeastDiameter, MostDiameter * Math.Sqrt(Math.Min(1, 2 * point.Share)));

    private static void List(SKCanvas canvas, int row, RooflinePoint point, Color colour)
    {
        double x = DiagramWidth + 8, y = TitleHeight + 16 + row * RowHeight;
        using var fill = new SKPaint { Color = colour.WithAlpha(0.75).ToSKColor(), IsAntialias = true };
        canvas.DrawCircle((float)x + 8, (float)y, 8, fill);
        canvas.Write($"{row + 1}", x + 8, y, 10, SKColors.Black, SKTextAlign.Center, bold: true);
        canvas.Write(point.Name, x + 24, y);
        canvas.Write(Profiles.ProfileText.Percent(point.Share), DiagramWidth + ListWidth - 12, y, align: SKTextAlign.Right);
    }

    private static (double Left, double Right, double Bottom, double Top) Limits(double peak, IReadOnlyList<RooflinePoint> points)
    {
        double[] x = [.. points.Select(p => Math.Log10(p.Intensity))], y = [.. points.Select(p => Math.Log10(p.GflopS)), Math.Log10(peak)];
        return (x.Min() - 0.25, Math.Max(x.Max(), x.Min() + 1) + 0.35, y.Min() - 0.3, y.Max() + 0.25);
    }

    /// <summary>Powers of ten, and 2 and 5 between them.</summary>
    private static NumericManual Ticks(double from, double to)
    {
        var marks = Enumerable.Range((int)Math.Floor(from), (int)(to - from) + 3).SelectMany(decade => new[] { 1, 2, 5 }.Select(step => decade + Math.Log10(step)))
            .Where(mark => mark >= from && mark <= to).ToArray();
        return new NumericManual(marks, [.. marks.Select(mark => Math.Pow(10, mark).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture))]);
    }
}
