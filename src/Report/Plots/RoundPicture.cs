using ScottPlot;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>
/// One round of every scheme: from a client to the server, or to its peers, and back, with the bytes on the arrows, which are the thicker the more there are.
/// </summary>
public static class RoundPicture
{
    private const int Top = 74, RowHeight = 84, BoxHeight = 50, Margin = 20;
    private const int LeastBox = 132, LeastArrow = 236;
    private const double TextSize = 11.5;

    private static readonly SKColor s_box = SKColor.Parse("#F4F6F8"), s_edge = SKColor.Parse("#8C8C8C");

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Of the whole.</param>
    /// <param name="note">A line below the title.</param>
    /// <param name="rows">From top to bottom; at least one.</param>
    public static void Save(string path, string title, string note, IReadOnlyList<RoundRow> rows)
    {
        int names = 24 + (int)rows.Max(r => CanvasDrawing.Width(r.Name, 13, bold: true));
        var widths = Widths.Of(rows);
        int width = Math.Max(2 * Margin + names + 3 * widths.Box + 2 * widths.Arrow, 40 + (int)CanvasDrawing.Width(title, 16, bold: true));
        double most = rows.SelectMany(r => new[] { r.Up?.Bytes ?? 0, r.Down?.Bytes ?? 0 }).Max();
        Picture.Save(path, width, Top + rows.Count * RowHeight + 10, canvas =>
        {
            canvas.Write(title, width / 2.0, 20, 16, align: SKTextAlign.Center, bold: true);
            canvas.Write(note, width / 2.0, 44, 12, align: SKTextAlign.Center);
            for (int i = 0; i < rows.Count; i++) Draw(canvas, rows[i], Margin + names, Top + (i + 0.5) * RowHeight, widths, most);
        });
    }

    private static void Draw(SKCanvas canvas, RoundRow row, double left, double y, Widths widths, double most)
    {
        var colour = SeriesStyle.Of(row.Style).Colour.ToSKColor();
        double middle = left + widths.Box + widths.Arrow, right = middle + widths.Box + widths.Arrow;
        canvas.Write(row.Name, Margin, y, 13, colour, bold: true);
        Box(canvas, left, y, widths.Box, "client", "trains");
        if (row.Middle is not { } between)
        {
            canvas.Write("nothing is sent", left + widths.Box + 24, y, 12, s_edge);
            return;
        }
        Box(canvas, middle, y, widths.Box, between.Who, between.Does);
        Box(canvas, right, y, widths.Box, "client", row.Client);
        if (row.Up is { } up) Arrow(canvas, up, left + widths.Box, middle, y, colour, most);
        if (row.Down is { } down) Arrow(canvas, down, middle + widths.Box, right, y, colour, most);
    }

    private static void Box(SKCanvas canvas, double x, double y, int width, string who, string does)
    {
        var rect = SKRect.Create((float)x, (float)y - BoxHeight / 2f, width, BoxHeight);
        using var fill = new SKPaint { Color = s_box, IsAntialias = true };
        using var edge = new SKPaint { Color = s_edge, IsStroke = true, StrokeWidth = 1, IsAntialias = true };
        canvas.DrawRoundRect(rect, 6, 6, fill);
        canvas.DrawRoundRect(rect, 6, 6, edge);
        canvas.Write(who, x + width / 2.0, y - 9, 13, align: SKTextAlign.Center, bold: true);
        canvas.Write(does, x + width / 2.0, y + 10, TextSize, align: SKTextAlign.Center);
    }

    /// <summary>The text stands above the arrow; its thickness grows with the root of the bytes.</summary>
    private static void Arrow(SKCanvas canvas, RoundArrow arrow, double from, double to, double y, SKColor colour, double most)
    {
        float thick = (float)(1.2 + 6 * Math.Sqrt(most > 0 ? arrow.Bytes / most : 0)), head = 8 + thick, at = (float)y + 14, tip = (float)to - 5;
        canvas.Line(from + 5, at, tip - head + 1, at, colour, thick);
        using var path = new SKPath();
        path.AddPoly([new(tip, at), new(tip - head, at - head / 2 - 1), new(tip - head, at + head / 2 + 1)]);
        using var fill = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawPath(path, fill);
        double top = at - head / 2 - 12;
        for (int i = arrow.Lines.Count - 1, k = 0; i >= 0; i--, k++) canvas.Write(arrow.Lines[i], (from + to) / 2, top - 16 * k, TextSize,
            align: SKTextAlign.Center);
    }

    /// <summary>Of boxes and of the room between them: as much as the longest text wants.</summary>
    internal sealed record Widths(int Box, int Arrow)
    {
        public static Widths Of(IReadOnlyList<RoundRow> rows) => new(
            Longest(LeastBox, 16, rows.SelectMany(r => new[] { r.Middle?.Does, r.Client })),
            Longest(LeastArrow, 28, rows.SelectMany(r => (r.Up?.Lines ?? []).Concat(r.Down?.Lines ?? []))));

        private static int Longest(int least, int air, IEnumerable<string?> texts) =>
            Math.Max(least, air + (int)Math.Ceiling(texts.DefaultIfEmpty().Max(t => t is null ? 0 : CanvasDrawing.Width(t, TextSize))));
    }
}

/// <summary>One scheme in a round picture.</summary>
/// <param name="Name">The scheme.</param>
/// <param name="Style">As of <see cref="Series"/>.</param>
/// <param name="Middle">Who stands between the clients and what happens there, two lines; null where nobody does.</param>
/// <param name="Client">What the client does at the end.</param>
/// <param name="Up">From the client; null: nothing.</param>
/// <param name="Down">To the client; null: nothing.</param>
public sealed record RoundRow(string Name, int Style, (string Who, string Does)? Middle, string Client, RoundArrow? Up, RoundArrow? Down);

/// <summary>What goes along one arrow of a round picture.</summary>
/// <param name="Lines">What it is, a line each: "1 adapter, 49,152 B".</param>
/// <param name="Bytes">All of it.</param>
public sealed record RoundArrow(IReadOnlyList<string> Lines, double Bytes);
