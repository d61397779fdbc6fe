using ScottPlot;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>
/// Horizontal bars from zero, a mean each with its interval, or where there is none a dot for everything it is the mean of; to their right, on an axis of
/// its own, the differences that are too small to be seen in bars from zero, with interval and dots.
/// </summary>
public static class BarPicture
{
    private const int RowHeight = 30, Top = 62, Bottom = 54, LeftWidth = 360, RightWidth = 300, Gap = 92;

    private static readonly SKColor s_grey = SKColor.Parse("#B4B4B4");

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Of the whole.</param>
    /// <param name="x">What the bars measure.</param>
    /// <param name="difference">What the right half measures; its values may all be null.</param>
    /// <param name="bars">From top to bottom; at least one.</param>
    public static void Save(string path, string title, string x, string difference, IReadOnlyList<Bar> bars)
    {
        bool right = bars.Any(b => b.Difference is not null);
        int label = 24 + (int)Math.Ceiling(bars.Max(b => CanvasDrawing.Width(b.Name))), height = Top + bars.Count * RowHeight + Bottom;
        int width = Math.Max(label + LeftWidth + Gap + (right ? RightWidth + 30 : 0), 40 + (int)CanvasDrawing.Width(title, 16, bold: true));
        Picture.Save(path, width, height, canvas =>
        {
            canvas.Write(title, width / 2.0, 20, 16, align: SKTextAlign.Center, bold: true);
            for (int i = 0; i < bars.Count; i++) canvas.Write(bars[i].Name, label - 10, Middle(i), align: SKTextAlign.Right);
            Means(canvas, label, x, bars);
            if (right) Differences(canvas, label + LeftWidth + Gap, difference, bars);
        });
    }

    private static void Means(SKCanvas canvas, double left, string name, IReadOnlyList<Bar> bars)
    {
        double most = bars.Max(b => b.HalfWidth is { } half ? b.Mean + half : Math.Max(b.Mean, b.Values.DefaultIfEmpty(0).Max()));
        var axis = Axis(canvas, new HorizontalAxis(left, LeftWidth, 0, most * 1.02), name, bars.Count);
        for (int i = 0; i < bars.Count; i++)
        {
            var (bar, y) = (bars[i], Middle(i));
            canvas.Fill(axis.At(0), y - 9, axis.At(bar.Mean) - axis.At(0), 18, Colour(bar), smooth: true);
            Interval(canvas, axis, y, bar.Mean, bar.HalfWidth);
            if (bar.HalfWidth is null) Dots(canvas, axis, y, bar.Values);
            double end = bar.Mean + (bar.HalfWidth ?? Math.Max(0, bar.Values.DefaultIfEmpty(0).Max() - bar.Mean));
            canvas.Write(bar.Text, axis.At(end) + 8, y);
        }
    }

    private static void Differences(SKCanvas canvas, double left, string name, IReadOnlyList<Bar> bars)
    {
        double[] ends = [.. bars.Where(b => b.Difference is not null).SelectMany(b =>
            b.Differences.Append(b.Difference!.Value - (b.DifferenceHalfWidth ?? 0)).Append(b.Difference.Value + (b.DifferenceHalfWidth ?? 0)))];
        double least = Math.Min(0, ends.Min()), most = Math.Max(0, ends.Max()), room = Math.Max(0.05 * (most - least), 1e-3);
        var axis = Axis(canvas, new HorizontalAxis(left, RightWidth, least - room, most + room), name, bars.Count);
        canvas.Line(axis.At(0), Top, axis.At(0), Top + bars.Count * RowHeight, PlotTheme.Text);
        for (int i = 0; i < bars.Count; i++)
        {
            if (bars[i].Difference is not { } mean) continue;
            var y = Middle(i);
            Interval(canvas, axis, y, mean, bars[i].DifferenceHalfWidth);
            Dots(canvas, axis, y, bars[i].Differences);
            canvas.Dot(axis.At(mean), y, 6, Colour(bars[i]));
        }
    }

    private static void Dots(SKCanvas canvas, HorizontalAxis axis, double y, IReadOnlyList<double> values)
    {
        using var edge = new SKPaint { Color = PlotTheme.Text, IsStroke = true, StrokeWidth = 0.9f, IsAntialias = true };
        foreach (double value in values)
        {
            canvas.Dot(axis.At(value), y, 2.4, new SKColor(255, 255, 255, 200));
            canvas.DrawCircle((float)axis.At(value), (float)y, 2.4f, edge);
        }
    }

    private static void Interval(SKCanvas canvas, HorizontalAxis axis, double y, double mean, double? half)
    {
        if (half is not { } h || !double.IsFinite(h)) return;
        double from = axis.At(mean - h), to = axis.At(mean + h);
        // On a light seam, so that it is seen on dark bars too.
        foreach (var (colour, width) in ((SKColor, double)[])[(new SKColor(255, 255, 255, 150), 4), (PlotTheme.Text, 1.6)])
        {
            canvas.Line(from, y, to, y, colour, width);
            canvas.Line(from, y - 5, from, y + 5, colour, width);
            canvas.Line(to, y - 5, to, y + 5, colour, width);
        }
    }

    private static SKColor Colour(Bar bar) => bar.Style is { } style ? SeriesStyle.Of(style).Colour.ToSKColor() : s_grey;

    private static double Middle(int row) => Top + (row + 0.5) * RowHeight;

    /// <summary>Below the rows.</summary>
    private static HorizontalAxis Axis(SKCanvas canvas, HorizontalAxis axis, string name, int rows)
    {
        double bottom = Top + rows * RowHeight;
        axis.Draw(canvas, Top, bottom);
        canvas.Write(name, axis.Left + axis.Width / 2, bottom + 34, 13, align: SKTextAlign.Center);
        return axis;
    }
}

/// <summary>A horizontal axis from <paramref name="Least"/> to <paramref name="Most"/>.</summary>
internal sealed record HorizontalAxis(double Left, double Width, double Least, double Most)
{
    private static readonly SKColor s_grid = SKColor.Parse("#E6E6E6");

    public double At(double value) => Left + (value - Least) / (Most - Least) * Width;

    /// <summary>Lines at round numbers from <paramref name="top"/> to <paramref name="bottom"/>, and the numbers below.</summary>
    public void Draw(SKCanvas canvas, double top, double bottom)
    {
        foreach (double tick in RoundNumbers.Between(Least, Most, 6))
        {
            canvas.Line(At(tick), top, At(tick), bottom, s_grid);
            canvas.Write(RoundNumbers.Text(tick), At(tick), bottom + 12, align: SKTextAlign.Center);
        }
    }
}

/// <summary>One row of a bar picture.</summary>
/// <param name="Name">Beside the bar.</param>
/// <param name="Style">As of <see cref="Series"/>; null: grey, for what is only there to compare with.</param>
/// <param name="Mean">Length of the bar.</param>
/// <param name="Text">The mean as the tables write it.</param>
public sealed record Bar(string Name, int? Style, double Mean, string Text)
{
    /// <summary>Half the width of the 95 % interval; null: none.</summary>
    public double? HalfWidth { get; init; }

    /// <summary>What the mean is of, one dot each where there is no interval.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Difference to what all are compared with, in the right half; null: nothing is drawn there.</summary>
    public double? Difference { get; init; }

    /// <summary>Half the width of its 95 % interval.</summary>
    public double? DifferenceHalfWidth { get; init; }

    /// <summary>What the difference is the mean of.</summary>
    public IReadOnlyList<double> Differences { get; init; } = [];
}
