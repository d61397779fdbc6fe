using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>Text in the pictures' own font, where no plot draws it.</summary>
internal static class CanvasText
{
    private static readonly SKTypeface s_regular = PlotFont.Typeface(bold: false), s_bold = PlotFont.Typeface(bold: true);

    /// <summary>Writes one line whose middle stands at height <paramref name="y"/>.</summary>
    public static void Write(
        this SKCanvas canvas, string text, double x, double y, double size = 12, SKColor? colour = null, SKTextAlign align = SKTextAlign.Left,
            bool bold = false, double degrees = 0)
    {
        using var font = Font(size, bold);
        using var paint = new SKPaint { Color = colour ?? PlotTheme.Text, IsAntialias = true };
        canvas.Save();
        canvas.Translate((float)x, (float)y);
        canvas.RotateDegrees((float)degrees);
        canvas.DrawText(text, 0, (float)(0.35 * size), align, font, paint);
        canvas.Restore();
    }

    /// <summary>How wide a line is.</summary>
    public static double Width(string text, double size = 12, bool bold = false)
    {
        using var font = Font(size, bold);
        return font.MeasureText(text);
    }

    private static SKFont Font(double size, bool bold) => new(bold ? s_bold : s_regular, (float)size) { Subpixel = true };
}
