using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>
/// A roofline (Williams, Waterman, Patterson, doi:10.1145/1498765.1498785): how fast each kind of work is against its FLOPs per byte, under the roofs
/// min(peak, intensity · bandwidth) of the caches and of memory. Points are numbered, the largest share of the time first; the list beside the diagram
/// names them.
/// </summary>
public static class RooflinePicture
{
    private const int DiagramWidth = 760, ListWidth = 350, Height = 620, TitleHeight = 34, RowHeight = 19, MostListed = 28;
    private const int LeftEdge = 58, RightEdge = 16, TopEdge = 10, BottomEdge = 54, NameSize = 12;
    private const double LeastDiameter = 13, MostDiameter = 36;

    private static readonly Color s_roofText = Color.FromHex("#5A5A5A");

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Above it.</param>
    /// <param name="peak">GFLOP/s at most.</param>
    /// <param name="bandwidths">Names of the sloped roofs, the highest first, and their GB/s.</param>
    /// <param name="points">What was measured.</param>
    /// <param name="note">Below the list: what is not shown, and why; may be empty.</param>
    public static void Save(string path, string title, double peak, IReadOnlyList<(string Name, double GbS)> bandwidths, IReadOnlyList<RooflinePoint> points,
        string note = "")
    {
        PlotFont.Register();
        RooflinePoint[] ordered = [.. points.OrderByDescending(p => p.Share).Take(MostListed)];
        string[] phases = [.. points.Select(p => p.Phase).Distinct()];
        Color Colour(RooflinePoint p) => PlotTheme.Series[Array.IndexOf(phases, p.Phase) % PlotTheme.Series.Count];
        var plot = new Plot();
        PlotTheme.Apply(plot, "", "arithmetic intensity, FLOP/byte", "GFLOP/s");
        var scale = new Scale(peak, points);
        var names = Roofs(plot, scale, peak, bandwidths);
        foreach (var point in ordered) AddPoint(plot, point, Colour(point));
        plot.Axes.Bottom.TickGenerator = Ticks(scale.Left, scale.Right);
        plot.Axes.Left.TickGenerator = Ticks(scale.Bottom, scale.Top);
        plot.Axes.SetLimits(scale.Left, scale.Right, scale.Bottom, scale.Top);
        plot.Layout.Fixed(new PixelPadding(LeftEdge, RightEdge, BottomEdge, TopEdge));
        var markers = ordered.Select(p => (scale.X(Math.Log10(p.Intensity)), scale.Y(Math.Log10(p.GflopS)), Diameter(p)));
        var labels = RooflineLabels.Of([.. markers], Scale.Frame, names);
        Picture.Save(path, DiagramWidth + ListWidth, TitleHeight + Height, canvas =>
        {
            canvas.Save();
            canvas.Translate(0, TitleHeight);
            plot.Render(canvas, new PixelRect(0, DiagramWidth, Height, 0));
            foreach (var label in labels)
                canvas.Write(label.Text, (label.Box.Left + label.Box.Right) / 2, (label.Box.Top + label.Box.Bottom) / 2, RooflineLabels.TextSize,
                    SKColors.Black, SKTextAlign.Center, bold: true);
            canvas.Restore();
            canvas.Write(title, (DiagramWidth + ListWidth) / 2.0, TitleHeight / 2.0 + 2, 15, align: SKTextAlign.Center, bold: true);
            for (int i = 0; i < ordered.Length; i++) List(canvas, i, ordered[i], Colour(ordered[i]));
            Notes(canvas, ordered.Length, points.Count - ordered.Length, note);
        });
    }

    /// <summary>Draws the roofs and their names; the places of the names.</summary>
    private static List<PlotBox> Roofs(Plot plot, Scale scale, double peak, IReadOnlyList<(string Name, double GbS)> bandwidths)
    {
        double height = Math.Log10(peak);
        var names = new List<PlotBox>();
        Name($"{Format.Digits(peak)} GFLOP/s", scale.Right, true);
        for (int i = 0; i < bandwidths.Count; i++)
        {
            var (name, rate) = bandwidths[i];
            double ridge = Math.Log10(peak / rate);
            AddRoof(plot, rate, ridge, height, scale);
            Name($"{name}, {Format.Digits(rate)} GB/s", ridge, i == 0);
        }
        return names;

        // Above the ridge, where no point can be; to its left where the right is taken.
        void Name(string words, double x, bool leftwards)
        {
            double width = CanvasDrawing.Width(words, NameSize), right = scale.X(x), bottom = scale.Y(height) - 2;
            PlotBox Box(double from) => new(from - 6, bottom - 18, from + width + 6, bottom);
            leftwards |= names.Exists(Box(right).Touches);
            names.Add(Box(right - (leftwards ? width : 0)));
            var text = plot.Add.Text(words, x, height);
            (text.LabelFontSize, text.LabelFontColor, text.OffsetY) = (NameSize, s_roofText, -2);
            text.LabelAlignment = leftwards ? Alignment.LowerRight : Alignment.LowerLeft;
        }
    }

    /// <summary>Rises with slope 1 to the peak and goes on level.</summary>
    private static void AddRoof(Plot plot, double rate, double ridge, double height, Scale scale)
    {
        double start = Math.Max(scale.Left, scale.Bottom - Math.Log10(rate));
        var roof = plot.Add.ScatterLine(new double[] { start, ridge, scale.Right }, new double[] { start + Math.Log10(rate), height, height }, PlotTheme.Guide);
        roof.LineWidth = 2;
    }

    private static void AddPoint(Plot plot, RooflinePoint point, Color colour) =>
        plot.Add.Marker(Math.Log10(point.Intensity), Math.Log10(point.GflopS), MarkerShape.FilledCircle, (float)Diameter(point), colour.WithAlpha(0.75));

    /// <summary>The area says what share of the time it is.</summary>
    private static double Diameter(RooflinePoint point) => Math.Max(LeastDiameter, MostDiameter * Math.Sqrt(Math.Min(1, 2 * point.Share)));

    private static void List(SKCanvas canvas, int row, RooflinePoint point, Color colour)
    {
        double x = DiagramWidth + 8, y = TitleHeight + 16 + row * RowHeight;
        canvas.Dot(x + 8, y, 8, colour.WithAlpha(0.75).ToSKColor());
        canvas.Write($"{row + 1}", x + 8, y, 10, SKColors.Black, SKTextAlign.Center, bold: true);
        canvas.Write(point.Name, x + 24, y);
        canvas.Write(Format.Percent(point.Share), DiagramWidth + ListWidth - 12, y, align: SKTextAlign.Right);
    }

    private static void Notes(SKCanvas canvas, int row, int unlisted, string note)
    {
        string[] lines = [.. unlisted > 0 ? (string[])[$"and {unlisted} of a smaller share, not shown"] : [], .. note.Length > 0 ? (string[])[note] : []];
        for (int i = 0; i < lines.Length; i++)
            canvas.Write(lines[i], DiagramWidth + 8, TitleHeight + 24 + (row + i) * RowHeight, NameSize, s_roofText.ToSKColor());
    }

    /// <summary>Powers of ten, and 2 and 5 between them.</summary>
    private static NumericManual Ticks(double from, double to)
    {
        double[] marks = [.. RoundNumbers.Decades(from, to, 1, 2, 5).Select(t => t.At)];
        return new NumericManual(marks, [.. marks.Select(mark => Math.Pow(10, mark).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture))]);
    }

    /// <summary>The range of the axes in powers of ten, and where a value stands in the picture.</summary>
    private sealed record Scale(double Left, double Right, double Bottom, double Top)
    {
        public Scale(double peak, IReadOnlyList<RooflinePoint> points)
            : this([.. points.Select(p => Math.Log10(p.Intensity))], [.. points.Select(p => Math.Log10(p.GflopS)), Math.Log10(peak)]) { }

        private Scale(double[] x, double[] y) : this(x.Min() - 0.25, Math.Max(x.Max(), x.Min() + 1) + 0.35, y.Min() - 0.3, y.Max() + 0.25) { }

        public static PlotBox Frame => new(LeftEdge, TopEdge, DiagramWidth - RightEdge, Height - BottomEdge);

        public double X(double value) => LeftEdge + (value - Left) / (Right - Left) * (DiagramWidth - LeftEdge - RightEdge);

        public double Y(double value) => TopEdge + (Top - value) / (Top - Bottom) * (Height - TopEdge - BottomEdge);
    }
}

/// <summary>One kind of work in a roofline picture.</summary>
/// <param name="Phase">Points of one phase have one colour.</param>
/// <param name="Name">How the list beside the picture calls it.</param>
/// <param name="Intensity">FLOPs per byte, above 0.</param>
/// <param name="GflopS">10⁹ FLOPs per second, above 0.</param>
/// <param name="Share">Of the whole time, 0 … 1: the area of the point.</param>
public readonly record struct RooflinePoint(string Phase, string Name, double Intensity, double GflopS, double Share);
