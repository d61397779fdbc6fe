using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>Diagrams in rows and columns under one title, over one legend that covers no data.</summary>
public static class ChartPicture
{
    private const int TitleHeight = 34, SubtitleHeight = 20, SubtitleSize = 12, LeftSize = 66;

    /// <summary>What zeros and numbers that are not finite look like.</summary>
    internal const MarkerShape Zero = MarkerShape.FilledTriangleDown, NotFinite = MarkerShape.Eks;

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Of the whole.</param>
    /// <param name="charts">Row by row; at least one.</param>
    /// <param name="columns">Diagrams side by side, at most.</param>
    /// <param name="size">Width and height of one diagram.</param>
    /// <param name="subtitle">One line below the title; it is made smaller where it is too long.</param>
    public static void Save(
        string path, string title, IReadOnlyList<Chart> charts, int columns = 1, (int Width, int Height)? size = null, string? subtitle = null)
    {
        PlotFont.Register();
        columns = Math.Min(columns, charts.Count);
        int rows = (charts.Count + columns - 1) / columns;
        var (cellWidth, cellHeight) = size ?? (columns == 1 ? (760, 430) : (430, 300));
        int width = columns * cellWidth, height = rows * cellHeight, top = TitleHeight + (subtitle is null ? 0 : SubtitleHeight);
        var legend = new LegendStrip([.. charts.SelectMany(c => c.Series)], width);
        var plots = new Multiplot();
        plots.AddPlots(charts.Count);
        plots.Layout = new ScottPlot.MultiplotLayouts.Grid(rows, columns);
        for (int i = 0; i < charts.Count; i++) Draw(plots.GetPlot(i), charts[i]);
        Picture.Save(path, width, top + height + legend.Height, canvas =>
        {
            // First the diagrams: they begin by making the whole canvas white.
            canvas.Save();
            canvas.Translate(0, top);
            plots.Render(canvas, new PixelRect(0, width, height, 0));
            canvas.Restore();
            canvas.Write(title, width / 2.0, TitleHeight / 2.0 + 2, 16, align: SKTextAlign.Center, bold: true);
            if (subtitle is not null) Write(canvas, subtitle, width);
            legend.Draw(canvas, top + height);
        });
    }

    private static void Write(SKCanvas canvas, string subtitle, int width)
    {
        double room = 0.98 * width / CanvasDrawing.Width(subtitle, SubtitleSize);
        canvas.Write(subtitle, width / 2.0, TitleHeight + SubtitleHeight / 2.0 - 2, Math.Min(1, room) * SubtitleSize, align: SKTextAlign.Center);
    }

    private static void Draw(Plot plot, Chart chart)
    {
        PlotTheme.Apply(plot, chart.Title, chart.X, chart.Y);
        plot.Axes.Title.Label.FontSize = 13;
        plot.Axes.Left.MinimumSize = LeftSize;
        plot.Grid.XAxisStyle.IsVisible = chart.Marks.Count == 0;
        foreach (double mark in chart.Marks)
        {
            var line = plot.Add.VerticalLine(mark, 1, PlotTheme.Guide.WithAlpha(0.5));
            line.EnableAutoscale = false;
        }
        foreach (var series in chart.Series) Add(plot, series);
        if (chart.XTicks is { } x) plot.Axes.Bottom.TickGenerator = new NumericManual([.. x.Select(t => t.X)], [.. x.Select(t => t.Label)]);
        if (chart.YTicks is { } y) plot.Axes.Left.TickGenerator = new NumericManual([.. y.Select(t => t.Y)], [.. y.Select(t => t.Label)]);
        plot.Axes.Margins(0.04, 0.08);
        plot.Axes.AutoScale();
        if (chart.YRange is { } range) plot.Axes.SetLimitsY(range.Least, range.Most);
        if (chart.XRange is { } across) plot.Axes.SetLimitsX(across.Least, across.Most);
    }

    private static void Add(Plot plot, Series series)
    {
        var style = SeriesStyle.Of(series);
        AddMarks(plot, series.Zeros, Zero, style.Colour);
        AddMarks(plot, series.NotFinite, NotFinite, style.Colour);
        if (series.Points.Count == 0) return;
        double[] x = [.. series.Points.Select(p => p.X)], y = [.. series.Points.Select(p => p.Y)];
        var line = plot.Add.Scatter(x, y, style.Colour);
        (line.LineWidth, line.MarkerStyle) = (series.Joined ? style.Width : 0, style.MarkerOf(series.Marker, series.MarkerSize));
        if (series.Intervals is not { } ends) return;
        double[] down = [.. ends.Zip(y, (e, at) => at - e.Low)], up = [.. ends.Zip(y, (e, at) => e.High - at)];
        plot.Add.Plottable(new ScottPlot.Plottables.ErrorBar(x, y, null, null, down, up) { Color = style.Colour });
    }

    private static void AddMarks(Plot plot, IReadOnlyList<(double X, double Y)> points, MarkerShape shape, Color colour)
    {
        if (points.Count == 0) return;
        double[] x = [.. points.Select(p => p.X)], y = [.. points.Select(p => p.Y)];
        var marks = plot.Add.Markers(x, y, shape, 8, colour);
        marks.MarkerStyle.LineWidth = 1.8f;
    }
}

/// <summary>Names of series below the diagrams, in as many rows as they need.</summary>
internal sealed class LegendStrip
{
    private const int RowHeight = 22, Margin = 14, SampleWidth = 34, Gap = 22;

    private const float MarkerSize = 7;

    private const string Zero = "zero", NotFinite = "NaN or infinite";

    private readonly List<(string Name, SeriesStyle Style, bool Joined, MarkerStyle Marker, double X, int Row)> _entries = [];
    private readonly double _width;
    private double _x = Margin;
    private int _row;

    /// <param name="series">Those that are drawn; each name once.</param>
    /// <param name="width">Of the picture.</param>
    public LegendStrip(IReadOnlyList<Series> series, double width)
    {
        _width = width;
        foreach (var group in series.Where(s => s.Name.Length > 0 && !s.IsEmpty).GroupBy(s => s.Name).OrderBy(g => g.First().Style))
            Add(group.Key, SeriesStyle.Of(group.First()), group.Any(s => s.Joined));
        foreach (var one in series.Where(s => s.Note is not null && s.Points.Count > 0).OrderBy(s => s.Style).DistinctBy(s => s.Note))
        {
            var grey = SeriesStyle.Of(one) with { Colour = SeriesStyle.Note };
            Add(one.Note!, grey, joined: false, grey.MarkerOf(one.Marker, one.MarkerSize));
        }
        if (series.Any(s => s.Zeros.Count > 0)) Add(Zero, new SeriesStyle(PlotTheme.Ink, 0, ChartPicture.Zero), joined: false);
        if (series.Any(s => s.NotFinite.Count > 0)) Add(NotFinite, new SeriesStyle(PlotTheme.Ink, 0, ChartPicture.NotFinite), joined: false);
        Height = _entries.Count < 2 ? 0 : (_row + 1) * RowHeight + 10;
    }

    /// <summary>0 where a single series needs no legend.</summary>
    public int Height { get; }

    public void Draw(SKCanvas canvas, double top)
    {
        if (Height == 0) return;
        using var paint = Paint.NewDisposablePaint();
        foreach (var (name, style, joined, marker, x, row) in _entries)
        {
            double y = top + (row + 0.5) * RowHeight;
            if (joined) Drawing.DrawLine(canvas, paint, new Pixel((float)x, (float)y), new Pixel((float)x + 26, (float)y),
                new LineStyle(style.Width, style.Colour));
            Drawing.DrawMarker(canvas, paint, new Pixel((float)x + 13, (float)y), marker);
            canvas.Write(name, x + SampleWidth, y);
        }
    }

    private void Add(string name, SeriesStyle style, bool joined, MarkerStyle? marker = null)
    {
        double length = SampleWidth + CanvasDrawing.Width(name) + Gap;
        if (_x > Margin && _x + length - Gap > _width - Margin) (_x, _row) = (Margin, _row + 1);
        _entries.Add((name, style, joined, marker ?? style.MarkerOf(SeriesMarker.Own, MarkerSize), _x, _row));
        _x += length;
    }
}
