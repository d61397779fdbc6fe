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
    /// <param name="bandwidths">Names of the sloped roofs, the highest first, and their GB/s.</param>
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
        for (int i = 0; i < bandwidths.Count; i++)
            AddRoof(plot, bandwidths[i].Name, bandwidths[i].GbS, peak, left, right, bottom, i == 0 ? Alignment.LowerRight : Alignment.LowerLeft);
        Label(plot, $"{Profiles.ProfileText.Digits(peak)} GFLOP/s", right, Math.Log10(peak), Alignment.LowerRight);
        foreach (var point in ordered) AddPoint(plot, point, Colour(point));
        foreach (int[] together in Heaps(ordered, right - left, top - bottom)) AddNumbers(plot, ordered, together);
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

    /// <summary>Rises with slope 1 to the peak and goes on level; its name stands above the ridge, where no point can be.</summary>
    private static void AddRoof(Plot plot, string name, double rate, double peak, double left, double right, double bottom, Alignment side)
    {
        double start = Math.Max(left, bottom - Math.Log10(rate)), ridge = Math.Log10(peak / rate), height = Math.Log10(peak);
        var roof = plot.Add.ScatterLine(new double[] { start, ridge, right }, new double[] { start + Math.Log10(rate), height, height }, PlotTheme.Guide);
        roof.LineWidth = 2;
        Label(plot, $"{name}, {Profiles.ProfileText.Digits(rate)} GB/s", ridge, height, side);
    }

    private static void Label(Plot plot, string words, double x, double y, Alignment side)
    {
        var text = plot.Add.Text(words, x, y);
        (text.LabelFontSize, text.LabelFontColor, text.LabelAlignment, text.OffsetY) = (12, s_roofText, side, -2);
    }

    private static void AddPoint(Plot plot, RooflinePoint point, Color colour) =>
        plot.Add.Marker(Math.Log10(point.Intensity), Math.Log10(point.GflopS), MarkerShape.FilledCircle, (float)Diameter(point), colour.WithAlpha(0.75));

    /// <summary>A number on its point, or those of points that cover each other below the lowest of them, as "2, 3, 4": there is more room than above or beside.</summary>
    private static void AddNumbers(Plot plot, RooflinePoint[] points, int[] numbers)
    {
        var lowest = numbers.Select(n => points[n]).MinBy(p => p.GflopS);
        var text = plot.Add.Text(string.Join(", ", numbers.Select(n => n + 1)), Math.Log10(lowest.Intensity), Math.Log10(lowest.GflopS));
        (text.LabelFontSize, text.LabelBold, text.LabelFontColor) = (10, true, Colors.Black);
        text.LabelAlignment = numbers.Length == 1 ? Alignment.MiddleCenter : Alignment.UpperCenter;
        if (numbers.Length > 1) text.OffsetY = (float)Diameter(lowest) / 2;
    }

    /// <summary>Indices of points whose numbers would cover each other.</summary>
    /// <param name="points">The largest share first.</param>
    /// <param name="width">Of the diagram in powers of ten.</param>
    /// <param name="height">The same upwards.</param>
    private static IEnumerable<int[]> Heaps(RooflinePoint[] points, double width, double height)
    {
        const double near = 12, margins = 90;
        var heaps = new List<List<int>>();
        for (int i = 0; i < points.Length; i++)
        {
            var touched = heaps.Where(h => h.Exists(other => Covers(points[i], points[other]))).ToList();
            heaps.RemoveAll(touched.Contains);
            heaps.Add([.. touched.SelectMany(h => h).Append(i).Order()]);
        }
        return heaps.Select(h => h.ToArray());

        bool Covers(RooflinePoint a, RooflinePoint b)
        {
            double x = Math.Log10(a.Intensity / b.Intensity) / width * (DiagramWidth - margins), y = Math.Log10(a.GflopS / b.GflopS) / height * (Height - margins);
            return x * x + y * y < near * near;
        }
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
