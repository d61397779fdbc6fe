using System.Text;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>A picture on disk, twice: pixels for pages and slides, vectors for print.</summary>
internal static class Picture
{
    /// <summary>Pixels of the PNG for one unit of the drawing, so that it stays sharp on fine screens.</summary>
    public const int Scale = 2;

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending; the folder is made.</param>
    /// <param name="width">In units of the drawing, from the left.</param>
    /// <param name="height">From the top.</param>
    /// <param name="draw">Called twice, with an empty white canvas.</param>
    public static void Save(string path, int width, int height, Action<SKCanvas> draw)
    {
        PlotFont.Register();
        using var surface = SKSurface.Create(new SKImageInfo(width * Scale, height * Scale))
            ?? throw new UserException($"{path}.png: a picture of {width * Scale} × {height * Scale} pixels cannot be drawn; "
                + "use shorter names or fewer clients");
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(Scale);
        draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        AtomicFile.Write(path + ".png", png.SaveTo);
        AtomicFile.WriteText(path + ".svg", Vectors(width, height, draw));
    }

    /// <summary>Without our font another without serifs takes its place: letters are placed one by one, and those of a serif font collide.</summary>
    private static string Vectors(int width, int height, Action<SKCanvas> draw)
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream))
        using (var white = new SKPaint { Color = SKColors.White })
        {
            canvas.DrawRect(0, 0, width, height, white);
            draw(canvas);
        }
        return Encoding.UTF8.GetString(stream.ToArray()).Replace($"{PlotFont.Name}\"", $"{PlotFont.Name}, sans-serif\"", StringComparison.Ordinal);
    }
}
