using ScottPlot;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>Horizontal bars to either side of zero: blue raises, vermilion lowers. Below them stands what they add up to with all that is not drawn.</summary>
public static class ContributionPicture
{
    private const int RowHeight = 26, Top = 62, Bottom = 84, BarsWidth = 420, Room = 84;

    private static readonly SKColor s_up = PlotTheme.Series[0].ToSKColor(), s_down = PlotTheme.Series[1].ToSKColor();

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Above it.</param>
    /// <param name="x">What the bars measure.</param>
    /// <param name="rows">From top to bottom; at least one.</param>
    /// <param name="note">One line under the axis.</param>
    public static void Save(string path, string title, string x, IReadOnlyList<(string Name, double Value)> rows, string note)
    {
        int label = 28 + (int)Math.Ceiling(rows.Max(r => CanvasDrawing.Width(r.Name))), bottom = Top + rows.Count * RowHeight;
        int width = Math.Max(label + BarsWidth + 2 * Room + 20, 40 + (int)Math.Max(CanvasDrawing.Width(title, 15, bold: true), CanvasDrawing.Width(note)));
        double least = Math.Min(0, rows.Min(r => r.Value)), most = Math.Max(0, rows.Max(r => r.Value)), range = most > least ? most - least : 1;
        var axis = new HorizontalAxis(label + Room, BarsWidth, least, least + range);
        Picture.Save(path, width, bottom + Bottom, canvas =>
        {
            canvas.Write(title, width / 2.0, 24, 15, align: SKTextAlign.Center, bold: true);
            axis.Draw(canvas, Top - 4, bottom);
            for (int r = 0; r < rows.Count; r++)
            {
                var (name, value) = rows[r];
                double y = Top + (r + 0.5) * RowHeight;
                double from = Math.Min(axis.At(0), axis.At(value)), to = Math.Max(axis.At(0), axis.At(value));
                canvas.Fill(from, y - 8, to - from, 16, value >= 0 ? s_up : s_down, smooth: true);
                canvas.Write(name, label - 12, y, align: SKTextAlign.Right);
                canvas.Write(Format.Fixed(value, 4), axis.At(value) + (value >= 0 ? 6 : -6), y, 11, align: value >= 0 ? SKTextAlign.Left : SKTextAlign.Right);
            }
            canvas.Line(axis.At(0), Top - 4, axis.At(0), bottom, PlotTheme.Text);
            canvas.Write(x, label + Room + BarsWidth / 2.0, bottom + 36, 13, align: SKTextAlign.Center);
            canvas.Write(note, width / 2.0, bottom + 64, align: SKTextAlign.Center);
        });
    }
}
