using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>Text in the pictures' own font and plain shapes, where no plot draws them.</summary>
internal static class CanvasDrawing
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

    /// <summary>A rectangle from its upper left corner.</summary>
    public static void Fill(this SKCanvas canvas, double x, double y, double width, double height, SKColor colour, bool smooth = false)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = smooth };
        canvas.DrawRect((float)x, (float)y, (float)width, (float)height, paint);
    }

    public static void Line(this SKCanvas canvas, double x0, double y0, double x1, double y1, SKColor colour, double width = 1, bool smooth = true)
    {
        using var paint = new SKPaint { Color = colour, StrokeWidth = (float)width, IsAntialias = smooth };
        canvas.DrawLine((float)x0, (float)y0, (float)x1, (float)y1, paint);
    }

    /// <summary>A disc around its middle.</summary>
    public static void Dot(this SKCanvas canvas, double x, double y, double radius, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawCircle((float)x, (float)y, (float)radius, paint);
    }

    public static SKColor ToSKColor(this Spectre.Console.Color colour) => new(colour.R, colour.G, colour.B);

    private static SKFont Font(double size, bool bold) => new(bold ? s_bold : s_regular, (float)size) { Subpixel = true };
}
