using ScottPlot;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

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
        double length = SampleWidth + CanvasText.Width(name) + Gap;
        if (_x > Margin && _x + length - Gap > _width - Margin) (_x, _row) = (Margin, _row + 1);
        _entries.Add((name, style, joined, marker ?? style.MarkerOf(SeriesMarker.Own, MarkerSize), _x, _row));
        _x += length;
    }
}
