using System.Globalization;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>
/// Trust matrices side by side, from nine clients on two by two, since a page would shrink more of them until nobody reads a value; clients named on both axes,
/// values in the cells up to 12 × 12. An exact zero, which is a peer that was masked out, stands as a dot.
/// </summary>
public static class HeatmapPicture
{
    /// <summary>Larger matrices have no values in their cells.</summary>
    private const int MostWithValues = 12;

    /// <summary>From this size on two panels are as wide as a page.</summary>
    private const int Wide = 9;

    private const int Top = 62, PanelTitle = 26, Gap = 26, BarWidth = 12, BarSpace = 62, Most = 30;

    private static readonly SKColor s_empty = SKColor.Parse("#F2F2F2");

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Of the whole.</param>
    /// <param name="panels">Row by row; at least one, all N×N.</param>
    /// <param name="labels">[N]: the clients' categories or names.</param>
    /// <param name="range">What the colours run over.</param>
    /// <param name="columns">Panels side by side, at most.</param>
    public static void Save(string path, string title, IReadOnlyList<HeatmapPanel> panels, IReadOnlyList<string> labels, HeatmapRange range, int columns = 4)
    {
        int n = labels.Count, cell = n <= MostWithValues ? Math.Clamp(200 / n, 34, 70) : Math.Max(4, Math.Min(22, 420 / n));
        columns = Math.Min(n >= Wide ? Math.Min(columns, 2) : columns, panels.Count);
        string[] names = [.. labels.Select((label, i) => n <= Most ? $"{i} {Clip(label)}" : "")];
        var groups = n <= Most ? [] : Groups(labels);
        double textWidth = n <= Most ? names.Max(l => CanvasDrawing.Width(l, 11)) : groups.Max(g => CanvasDrawing.Width(g.Label, 11));
        int side = n * cell, text = (int)textWidth + 14, below = (int)(textWidth * 0.72) + 26;
        int wide = (int)panels.Max(p => CanvasDrawing.Width(p.Title, 13, bold: true)) - side;
        int panelWidth = Math.Max(text, wide / 2) + side + Math.Max(range.Most is null ? BarSpace : 0, wide / 2) + Gap, panelHeight = PanelTitle + side + below;
        int rows = (panels.Count + columns - 1) / columns;
        int width = Math.Max(columns * panelWidth + (range.Most is null ? 0 : BarSpace) + Gap / 2, 40 + (int)CanvasDrawing.Width(title, 16, bold: true));
        Picture.Save(path, width, Top + rows * panelHeight + 6, canvas =>
        {
            canvas.Write(title, width / 2.0, 18, 16, align: SKTextAlign.Center, bold: true);
            canvas.Write("row: the client that trusts; column: the client that is trusted", width / 2.0, 42, 12, align: SKTextAlign.Center);
            for (int p = 0; p < panels.Count; p++)
            {
                double x = p % columns * panelWidth + Math.Max(text, wide / 2) + Gap / 2, y = Top + p / columns * panelHeight + PanelTitle;
                canvas.Write(panels[p].Title, x + side / 2.0, y - 13, 13, align: SKTextAlign.Center, bold: true);
                Cells(canvas, panels[p].Values, x, y, cell, range);
                Labels(canvas, names, groups, x, y, cell, side);
                bool last = p % columns == columns - 1 || p == panels.Count - 1;
                if (range.Most is null || last) ColourBar(canvas, range.Of(panels[p].Values), panels.Any(range.Exceeds), x + side + 12, y, side);
            }
        });
    }

    private static void Cells(SKCanvas canvas, IReadOnlyList<IReadOnlyList<double>> values, double x, double y, int cell, HeatmapRange range)
    {
        var (least, most) = range.Of(values);
        for (int i = 0; i < values.Count; i++)
            for (int j = 0; j < values.Count; j++)
            {
                bool shown = double.IsFinite(values[i][j]) && !(range.WithoutDiagonal && i == j);
                double share = most > least ? (values[i][j] - least) / (most - least) : 0;
                var back = ColourScale.At(share);
                canvas.Fill(x + j * cell, y + i * cell, cell, cell, shown ? back.ToSKColor() : s_empty);
                if (!shown || values.Count > MostWithValues) continue;
                canvas.Write(Text(values[i][j]), x + (j + 0.5) * cell, y + (i + 0.5) * cell, 11, ColourScale.TextOn(back).ToSKColor(), SKTextAlign.Center);
            }
    }

    private static void Labels(SKCanvas canvas, string[] names, IReadOnlyList<(string Label, int From, int To)> groups, double x, double y, int cell, int side)
    {
        for (int i = 0; i < names.Length; i++)
        {
            canvas.Write(names[i], x - 6, y + (i + 0.5) * cell, 11, align: SKTextAlign.Right);
            canvas.Write(names[i], x + (i + 0.5) * cell + 3, y + side + 8, 11, align: SKTextAlign.Right, degrees: -45);
        }
        foreach (var (label, from, to) in groups)
        {
            double middle = (from + to + 1) * 0.5 * cell;
            canvas.Line(x - 4, y + from * cell + 1, x - 4, y + (to + 1) * cell - 1, PlotTheme.Text, smooth: false);
            canvas.Line(x + from * cell + 1, y + side + 4, x + (to + 1) * cell - 1, y + side + 4, PlotTheme.Text, smooth: false);
            canvas.Write(label, x - 9, y + middle, 11, align: SKTextAlign.Right);
            canvas.Write(label, x + middle + 3, y + side + 12, 11, align: SKTextAlign.Right, degrees: -45);
        }
    }

    /// <param name="open">There are values above the range, as light as its end.</param>
    private static void ColourBar(SKCanvas canvas, (double Least, double Most) range, bool open, double x, double y, int height)
    {
        using (var shader = SKShader.CreateLinearGradient(new SKPoint(0, (float)(y + height)), new SKPoint(0, (float)y),
            [.. Enumerable.Range(0, 17).Select(k => ColourScale.At(k / 16.0).ToSKColor())], SKShaderTileMode.Clamp))
        using (var paint = new SKPaint { Shader = shader })
            canvas.DrawRect((float)x, (float)y, BarWidth, height, paint);
        if (!(range.Most > range.Least))
        {
            canvas.Write(Text(range.Least), x + BarWidth + 5, y + height / 2.0, 11);
            return;
        }
        double Share(double value) => (value - range.Least) / (range.Most - range.Least);
        var inside = RoundNumbers.Between(range.Least, range.Most, 6).Where(tick => Share(tick) is > 0.07 and < 0.93).Select(tick =>
            (tick, RoundNumbers.Text(tick)));
        string first = range.Least == 0 ? "0" : Text(range.Least), last = (open ? "≥ " : "") + Text(range.Most);
        foreach (var (tick, text) in inside.Append((range.Least, first)).Append((range.Most, last)))
            canvas.Write(text, x + BarWidth + 5, y + height * (1 - Share(tick)), 11);
    }

    /// <summary>Neighbours with one label, as first and last place.</summary>
    private static List<(string Label, int From, int To)> Groups(IReadOnlyList<string> labels)
    {
        var groups = new List<(string Label, int From, int To)>();
        for (int i = 0; i < labels.Count; i++)
            if (groups.Count > 0 && groups[^1].Label == Clip(labels[i])) groups[^1] = groups[^1] with { To = i };
            else groups.Add((Clip(labels[i]), i, i));
        return groups;
    }

    private static string Text(double value) => value == 0 ? "·" : value.ToString("F2", CultureInfo.InvariantCulture);

    private static string Clip(string label) => label.Length <= 18 ? label : label[..17] + "…";
}

/// <summary>One matrix of a heatmap picture.</summary>
/// <param name="Title">Above it.</param>
/// <param name="Values">[N][N]: row i holds how much client i trusts each client.</param>
public sealed record HeatmapPanel(string Title, IReadOnlyList<IReadOnlyList<double>> Values);

/// <summary>Which values the colours of a heatmap picture run over.</summary>
/// <param name="Most">The lightest colour's value in all panels, the darkest being 0; null: every panel from its own least to its own largest value.</param>
public readonly record struct HeatmapRange(double? Most)
{
    /// <summary>Every panel has its own.</summary>
    public static HeatmapRange Free => new(null);

    /// <summary>Leaves the cells (i, i) empty and out of a free range.</summary>
    public bool WithoutDiagonal { get; init; }

    /// <summary>One range for all: from 0 to the largest value of any panel.</summary>
    public static HeatmapRange OfAll(IEnumerable<IReadOnlyList<IReadOnlyList<double>>> matrices, bool withoutDiagonal = false) =>
        new(matrices.Max(m => Cells(m, withoutDiagonal).Max())) { WithoutDiagonal = withoutDiagonal };

    /// <summary>The ends of the scale for one panel.</summary>
    internal (double Least, double Most) Of(IReadOnlyList<IReadOnlyList<double>> values)
    {
        if (Most is { } most) return (0, most);
        double[] cells = [.. Cells(values, WithoutDiagonal)];
        return (cells.Min(), cells.Max());
    }

    /// <summary>Whether a value of the panel lies above the scale's end.</summary>
    internal bool Exceeds(HeatmapPanel panel) => Most is { } most && Cells(panel.Values, WithoutDiagonal).Any(v => v > most);

    /// <summary>The values that are shown; those that are not finite are left out, and a 0 stands for none at all.</summary>
    private static IEnumerable<double> Cells(IReadOnlyList<IReadOnlyList<double>> values, bool withoutDiagonal) =>
        values.SelectMany((row, i) => row.Where((v, j) => double.IsFinite(v) && !(withoutDiagonal && i == j))).DefaultIfEmpty(0);
}
