using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>
/// One round of every scheme: from a client to the server, or to its peers, and back, with the bytes on the arrows, which are the thicker the more there are.
/// </summary>
public static class RoundPicture
{
    private const int Top = 74, RowHeight = 84, BoxWidth = 132, BoxHeight = 50, ArrowWidth = 236, Margin = 20;

    private static readonly SKColor s_box = SKColor.Parse("#F4F6F8"), s_edge = SKColor.Parse("#8C8C8C");

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Of the whole.</param>
    /// <param name="note">A line below the title.</param>
    /// <param name="rows">From top to bottom; at least one.</param>
    public static void Save(string path, string title, string note, IReadOnlyList<RoundRow> rows)
    {
        int names = 24 + (int)rows.Max(r => CanvasText.Width(r.Name, 13, bold: true)), width = 2 * Margin + names + 3 * BoxWidth + 2 * ArrowWidth;
        double most = rows.SelectMany(r => new[] { r.Up?.Bytes ?? 0, r.Down?.Bytes ?? 0 }).Max();
        Picture.Save(path, width, Top + rows.Count * RowHeight + 10, canvas =>
        {
            canvas.Write(title, width / 2.0, 20, 16, align: SKTextAlign.Center, bold: true);
            canvas.Write(note, width / 2.0, 44, 12, align: SKTextAlign.Center);
            for (int i = 0; i < rows.Count; i++) Draw(canvas, rows[i], Margin + names, Top + (i + 0.5) * RowHeight, most);
        });
    }

    private static void Draw(SKCanvas canvas, RoundRow row, double left, double y, double most)
    {
        var colour = SKColor.Parse(SeriesStyle.Of(row.Style).Colour.ToHex());
        double middle = left + BoxWidth + ArrowWidth, right = middle + BoxWidth + ArrowWidth;
        canvas.Write(row.Name, Margin, y, 13, colour, bold: true);
        Box(canvas, left, y, "client", "trains");
        if (row.Middle is not { } between)
        {
            canvas.Write("nothing is sent", left + BoxWidth + 24, y, 12, s_edge);
            return;
        }
        Box(canvas, middle, y, between.Who, between.Does);
        Box(canvas, right, y, "client", row.Client);
        if (row.Up is { } up) Arrow(canvas, up, left + BoxWidth, middle, y, colour, most);
        if (row.Down is { } down) Arrow(canvas, down, middle + BoxWidth, right, y, colour, most);
    }

    private static void Box(SKCanvas canvas, double x, double y, string who, string does)
    {
        var rect = SKRect.Create((float)x, (float)y - BoxHeight / 2f, BoxWidth, BoxHeight);
        using var fill = new SKPaint { Color = s_box, IsAntialias = true };
        using var edge = new SKPaint { Color = s_edge, IsStroke = true, StrokeWidth = 1, IsAntialias = true };
        canvas.DrawRoundRect(rect, 6, 6, fill);
        canvas.DrawRoundRect(rect, 6, 6, edge);
        canvas.Write(who, x + BoxWidth / 2.0, y - 9, 13, align: SKTextAlign.Center, bold: true);
        canvas.Write(does, x + BoxWidth / 2.0, y + 10, 11.5, align: SKTextAlign.Center);
    }

    /// <summary>The text stands above the arrow; its thickness grows with the root of the bytes.</summary>
    private static void Arrow(SKCanvas canvas, RoundArrow arrow, double from, double to, double y, SKColor colour, double most)
    {
        float thick = (float)(1.2 + 6 * Math.Sqrt(most > 0 ? arrow.Bytes / most : 0)), head = 8 + thick, at = (float)y + 14, tip = (float)to - 5;
        using var line = new SKPaint { Color = colour, StrokeWidth = thick, IsAntialias = true };
        canvas.DrawLine((float)from + 5, at, tip - head + 1, at, line);
        using var path = new SKPath();
        path.AddPoly([new(tip, at), new(tip - head, at - head / 2 - 1), new(tip - head, at + head / 2 + 1)]);
        using var fill = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawPath(path, fill);
        double top = at - head / 2 - 12;
        for (int i = arrow.Lines.Count - 1, k = 0; i >= 0; i--, k++) canvas.Write(arrow.Lines[i], (from + to) / 2, top - 16 * k, 11.5,
            align: SKTextAlign.Center);
    }
}
