using ScottPlot;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>Names of series below the diagrams, in as many rows as they need.</summary>
internal sealed class LegendStrip
{
    private const int RowHeight = 22, Margin = 14, SampleWidth = 34, Gap = 22;

    private readonly List<(string Name, SeriesStyle Style, bool Joined, double X, int Row)> _entries = [];

    /// <param name="series">Those that are drawn; each name once.</param>
    /// <param name="width">Of the picture.</param>
    public LegendStrip(IReadOnlyList<Series> series, double width)
    {
        double x = Margin;
        int row = 0;
        foreach (var group in series.Where(s => s.Name.Length > 0 && s.Points.Count > 0).GroupBy(s => s.Name).OrderBy(g => g.First().Style))
        {
            var one = group.First();
            double length = SampleWidth + CanvasText.Width(one.Name) + Gap;
            if (x > Margin && x + length - Gap > width - Margin) (x, row) = (Margin, row + 1);
            _entries.Add((one.Name, SeriesStyle.Of(one.Style), group.Any(s => s.Joined), x, row));
            x += length;
        }
        Height = _entries.Count < 2 ? 0 : (row + 1) * RowHeight + 10;
    }

    /// <summary>0 where a single series needs no legend.</summary>
    public int Height { get; }

    public void Draw(SKCanvas canvas, double top)
    {
        if (Height == 0) return;
        using var paint = Paint.NewDisposablePaint();
        foreach (var (name, style, joined, x, row) in _entries)
        {
            double y = top + (row + 0.5) * RowHeight;
            if (joined) Drawing.DrawLine(canvas, paint, new Pixel((float)x, (float)y), new Pixel((float)x + 26, (float)y),
                new LineStyle(style.Width, style.Colour));
            Drawing.DrawMarker(canvas, paint, new Pixel((float)x + 13, (float)y), new MarkerStyle(style.Marker, 7, style.Colour));
            canvas.Write(name, x + SampleWidth, y);
        }
    }
}
