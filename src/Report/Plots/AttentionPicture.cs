using System.Globalization;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>
/// Attention maps in a grid: a column per head, a row per model, tokens on both sides. Each map's row is the position that looks, its column the one looked at.
/// </summary>
public static class AttentionPicture
{
    private const int Top = 66, Head = 22, Gap = 16, Bar = 12, BarText = 46, MostColumns = 6;
    private static readonly SKColor s_future = SKColor.Parse("#EDEDED");

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Above it.</param>
    /// <param name="labels">[T]: the tokens.</param>
    /// <param name="columns">What stands above the columns.</param>
    /// <param name="rows">All with as many maps as there are columns.</param>
    public static void Save(string path, string title, IReadOnlyList<string> labels, IReadOnlyList<string> columns, IReadOnlyList<AttentionRow> rows)
    {
        int t = labels.Count, across = Math.Min(columns.Count, MostColumns), bands = (columns.Count + across - 1) / across;
        int cell = Math.Clamp((across == 1 ? 420 : 176) / t, 3, 34), side = Math.Max(cell * t, 60);
        int step = (int)Math.Ceiling(10.0 / cell);
        string[] names = [.. labels.Select(Clip)];
        int text = (int)names.Max(n => CanvasDrawing.Width(n, 10)) + 8, left = 30 + text, below = (int)(text * 0.72) + 14;
        int rowHeight = side + Gap, bandHeight = Head + rows.Count * rowHeight + below;
        double words = Math.Max(CanvasDrawing.Width(title, 16, bold: true), CanvasDrawing.Width(Explanation, 12));
        int width = Math.Max(left + across * (side + Gap) + Bar + BarText, 24 + (int)words);
        var differences = rows.Where(r => r.IsDifference).SelectMany(r => r.Maps).SelectMany(m => m.Rows).SelectMany(r => r);
        double largest = differences.Select(Math.Abs).DefaultIfEmpty(0).Max();
        Picture.Save(path, width, Top + bands * bandHeight, canvas =>
        {
            canvas.Write(title, width / 2.0, 18, 16, align: SKTextAlign.Center, bold: true);
            canvas.Write(Explanation, width / 2.0, 42, 12, align: SKTextAlign.Center);
            for (int band = 0; band < bands; band++)
            {
                int from = band * across, count = Math.Min(across, columns.Count - from);
                double top = Top + band * bandHeight + Head;
                for (int c = 0; c < count; c++)
                {
                    double x = left + c * (side + Gap);
                    canvas.Write(columns[from + c], x + side / 2.0, top - 12, 12, align: SKTextAlign.Center, bold: true);
                    for (int r = 0; r < rows.Count; r++) Cells(canvas, rows[r], from + c, x, top + r * rowHeight, cell, largest);
                    for (int i = 0; i < t; i += step)
                        canvas.Write(names[i], x + (i + 0.5) * cell + 2, top + rows.Count * rowHeight - Gap + 7, 10, align: SKTextAlign.Right, degrees: -45);
                }
                for (int r = 0; r < rows.Count; r++)
                {
                    double y = top + r * rowHeight;
                    canvas.Write(rows[r].Name, 14, y + side / 2.0, 12, align: SKTextAlign.Center, bold: true, degrees: -90);
                    for (int i = 0; i < t; i += step) canvas.Write(names[i], left - 5, y + (i + 0.5) * cell, 10, align: SKTextAlign.Right);
                    ColourBar(canvas, rows[r].IsDifference, largest, left + count * (side + Gap), y, cell * t);
                }
            }
        });
    }

    private const string Explanation = "row: the token that looks; column: the token it looks at; a row sums to 1, of a difference to 0";

    private static void Cells(SKCanvas canvas, AttentionRow row, int column, double x, double y, int cell, double largest)
    {
        var map = row.Maps[column].Rows;
        for (int i = 0; i < map.Count; i++)
            for (int j = 0; j < map.Count; j++)
                canvas.Fill(x + j * cell, y + i * cell, cell, cell, j > i ? s_future : Colour(map[i][j], row.IsDifference, largest));
        using var frame = new SKPaint { Color = SKColor.Parse("#8C8C8C"), IsStroke = true, StrokeWidth = 0.5f };
        canvas.DrawRect((float)x, (float)y, map.Count * cell, map.Count * cell, frame);
    }

    private static SKColor Colour(double value, bool difference, double largest) =>
        difference ? DivergingScale.At(largest > 0 ? value / largest : 0) : ColourScale.At(value).ToSKColor();

    private static void ColourBar(SKCanvas canvas, bool difference, double largest, double x, double y, int height)
    {
        for (int k = 0; k < height; k++)
        {
            double share = 1 - (k + 0.5) / height;
            canvas.Fill(x, y + k, Bar, 1.2, Colour(difference ? (2 * share - 1) * largest : share, difference, largest));
        }
        string[] text = difference ? [Signed(largest), "0", Signed(-largest)] : ["1", "0.5", "0"];
        for (int k = 0; k < 3; k++) canvas.Write(text[k], x + Bar + 4, y + 5 + k * (height - 10) / 2.0, 10);
    }

    private static string Signed(double value) => value.ToString("+0.00;−0.00;0", CultureInfo.InvariantCulture);

    private static string Clip(string label) => label.Length <= 14 ? label : label[..13] + "…";
}

/// <summary>One row of an attention picture.</summary>
/// <param name="Name">The model, or what is less what.</param>
/// <param name="Maps">One per column, all of one text.</param>
/// <param name="IsDifference">Values around zero instead of shares.</param>
public sealed record AttentionRow(string Name, IReadOnlyList<AttentionMap> Maps, bool IsDifference = false);

/// <summary>Blue over white to orange, for values around zero: told apart with every kind of colour vision.</summary>
internal static class DivergingScale
{
    private static readonly SKColor s_low = SKColor.Parse("#0072B2"), s_high = SKColor.Parse("#D55E00");

    /// <summary>The colour of <paramref name="value"/> in [−1, 1]; values outside are clamped.</summary>
    public static SKColor At(double value)
    {
        double share = Math.Clamp(double.IsNaN(value) ? 0 : value, -1, 1);
        var end = share < 0 ? s_low : s_high;
        byte Mix(byte part) => (byte)Math.Round(255 + Math.Abs(share) * (part - 255));
        return new SKColor(Mix(end.Red), Mix(end.Green), Mix(end.Blue));
    }
}
