using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>Horizontal bars to either side of zero: blue raises, vermilion lowers. Below them stands what they add up to with all that is not drawn.</summary>
public static class ContributionPicture
{
    private const int RowHeight = 26, Top = 62, Bottom = 84, BarsWidth = 420, Room = 84;

    private static readonly SKColor s_up = SKColor.Parse(PlotTheme.Series[0].ToHex()), s_down = SKColor.Parse(PlotTheme.Series[1].ToHex()),
        s_grid = SKColor.Parse("#E6E6E6");

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Above it.</param>
    /// <param name="x">What the bars measure.</param>
    /// <param name="rows">From top to bottom; at least one.</param>
    /// <param name="note">One line under the axis.</param>
    public static void Save(string path, string title, string x, IReadOnlyList<(string Name, double Value)> rows, string note)
    {
        int label = 28 + (int)Math.Ceiling(rows.Max(r => CanvasText.Width(r.Name))), bottom = Top + rows.Count * RowHeight;
        int width = Math.Max(label + BarsWidth + 2 * Room + 20, 40 + (int)Math.Max(CanvasText.Width(title, 15, bold: true), CanvasText.Width(note)));
        double least = Math.Min(0, rows.Min(r => r.Value)), most = Math.Max(0, rows.Max(r => r.Value)), range = most > least ? most - least : 1;
        Picture.Save(path, width, bottom + Bottom, canvas =>
        {
            canvas.Write(title, width / 2.0, 24, 15, align: SKTextAlign.Center, bold: true);
            using var grid = new SKPaint { Color = s_grid, StrokeWidth = 1, IsAntialias = true };
            foreach (double tick in RoundNumbers.Between(least, least + range, 6))
            {
                canvas.DrawLine((float)At(tick), Top - 4, (float)At(tick), bottom, grid);
                canvas.Write(RoundNumbers.Text(tick), At(tick), bottom + 12, align: SKTextAlign.Center);
            }
            for (int r = 0; r < rows.Count; r++)
            {
                var (name, value) = rows[r];
                double y = Top + (r + 0.5) * RowHeight;
                using var fill = new SKPaint { Color = value >= 0 ? s_up : s_down, IsAntialias = true };
                canvas.DrawRect((float)Math.Min(At(0), At(value)), (float)y - 8, (float)Math.Abs(At(value) - At(0)), 16, fill);
                canvas.Write(name, label - 12, y, align: SKTextAlign.Right);
                canvas.Write(Format.Fixed(value, 4), At(value) + (value >= 0 ? 6 : -6), y, 11, align: value >= 0 ? SKTextAlign.Left : SKTextAlign.Right);
            }
            using var axis = new SKPaint { Color = PlotTheme.Text, StrokeWidth = 1, IsAntialias = true };
            canvas.DrawLine((float)At(0), Top - 4, (float)At(0), bottom, axis);
            canvas.Write(x, label + Room + BarsWidth / 2.0, bottom + 36, 13, align: SKTextAlign.Center);
            canvas.Write(note, width / 2.0, bottom + 64, align: SKTextAlign.Center);
        });

        double At(double value) => label + Room + (value - least) / range * BarsWidth;
    }
}
