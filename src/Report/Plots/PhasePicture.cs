using System.Globalization;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>A phase diagram: who is best in every cell of a grid, as colour and word, and by how much, as number and strength of the colour.</summary>
public static class PhasePicture
{
    private const int CellWidth = 128, CellHeight = 72, Left = 110, Top = 56, Bottom = 116, Right = 24;

    /// <summary>A margin from which the colour is full.</summary>
    private const double FullMargin = 0.1;

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Above it.</param>
    /// <param name="x">Name of the columns.</param>
    /// <param name="y">Name of the rows.</param>
    /// <param name="columns">From left to right.</param>
    /// <param name="rows">From bottom to top.</param>
    /// <param name="places">[rows][columns].</param>
    public static void Save(string path, string title, string x, string y, IReadOnlyList<string> columns, IReadOnlyList<string> rows,
        IReadOnlyList<PhasePlace[]> places)
    {
        int width = Math.Max(560, Left + columns.Count * CellWidth + Right), height = Top + rows.Count * CellHeight + Bottom;
        string[] names = [.. places.SelectMany(row => row).Select(p => p.Best).Distinct().Order(StringComparer.Ordinal)];
        Picture.Save(path, width, height, canvas =>
        {
            canvas.Write(title, width / 2.0, Top / 2.0, 16, align: SKTextAlign.Center, bold: true);
            int bottom = Top + rows.Count * CellHeight;
            for (int r = 0; r < rows.Count; r++)
            {
                int top = bottom - (r + 1) * CellHeight;
                canvas.Write(rows[r], Left - 10, top + CellHeight / 2.0, align: SKTextAlign.Right);
                for (int c = 0; c < columns.Count; c++) Draw(canvas, Left + c * CellWidth, top, places[r][c]);
            }
            for (int c = 0; c < columns.Count; c++) canvas.Write(columns[c], Left + (c + 0.5) * CellWidth, bottom + 16, align: SKTextAlign.Center);
            canvas.Write(x, Left + columns.Count * CellWidth / 2.0, bottom + 38, 13, align: SKTextAlign.Center);
            canvas.Write(y, 24, Top + rows.Count * CellHeight / 2.0, 13, align: SKTextAlign.Center, degrees: -90);
            Legend(canvas, names, bottom + 70);
        });
    }

    private static void Draw(SKCanvas canvas, int left, int top, PhasePlace place)
    {
        canvas.Fill(left + 1, top + 1, CellWidth - 2, CellHeight - 2, Shade(place.Best, place.Margin));
        double middle = left + CellWidth / 2.0;
        canvas.Write(place.Best, middle, top + 18, 13, SKColors.Black, SKTextAlign.Center, bold: true);
        if (place.Detail.Length > 0) canvas.Write($"({place.Detail})", middle, top + 36, 12, SKColors.Black, SKTextAlign.Center);
        canvas.Write(place.Margin.ToString("F3", CultureInfo.InvariantCulture), middle, top + 55, 12, SKColors.Black, SKTextAlign.Center);
    }

    private static void Legend(SKCanvas canvas, string[] names, double y)
    {
        double x = Left;
        foreach (string name in names)
        {
            canvas.Fill(x, y - 8, 16, 16, Shade(name, FullMargin));
            canvas.Write(name, x + 24, y);
            x += 24 + CanvasDrawing.Width(name) + 26;
        }
        canvas.Write($"pale: a small margin; full: {FullMargin.ToString(CultureInfo.InvariantCulture)} nats or more", Left, y + 24,
            colour: SKColor.Parse("#5A5A5A"));
    }

    /// <summary>Orange, blue and green of the series, mixed with white so that black text is read on every one of them.</summary>
    private static SKColor Shade(string name, double margin)
    {
        var colour = SKColor.Parse(name switch { "Local" => "#E69F00", "FedAvg" => "#56B4E9", _ => "#5FCBA9" });
        double strength = 0.2 + 0.8 * Math.Clamp(margin / FullMargin, 0, 1);
        byte Mix(byte part) => (byte)Math.Round(255 + strength * (part - 255));
        return new SKColor(Mix(colour.Red), Mix(colour.Green), Mix(colour.Blue));
    }
}

/// <summary>One place of a phase diagram.</summary>
/// <param name="Best">Who is best there; the colour.</param>
/// <param name="Detail">What stands in brackets below, such as which scheme; may be empty.</param>
/// <param name="Margin">By how much, which makes the colour strong.</param>
public sealed record PhasePlace(string Best, string Detail, double Margin);
