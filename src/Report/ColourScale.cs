using Spectre.Console;

namespace LoraCollab.Report;

/// <summary>
/// Dark blue to yellow with a lightness that grows evenly: readable with every kind of colour vision, and in grey.
/// </summary>
public static class ColourScale
{
    /// <summary>The scale at 0, ⅛, … 1; between the points colours are interpolated.</summary>
    private static readonly (double R, double G, double B)[] Points =
        [(0, 32, 81), (28, 55, 110), (64, 78, 108), (91, 101, 113), (119, 125, 120), (150, 149, 117), (184, 175, 104), (220, 203, 83), (253, 233, 69)];

    /// <summary>The colour of <paramref name="share"/> in [0, 1]; values outside are clamped.</summary>
    public static Color At(double share)
    {
        double place = Math.Clamp(double.IsNaN(share) ? 0 : share, 0, 1) * (Points.Length - 1);
        int below = Math.Min((int)place, Points.Length - 2);
        var (a, b, t) = (Points[below], Points[below + 1], place - below);
        return new Color(Mix(a.R, b.R, t), Mix(a.G, b.G, t), Mix(a.B, b.B, t));
    }

    /// <summary>Black or white: whichever is read better on <paramref name="background"/>.</summary>
    public static Color TextOn(Color background) => 0.299 * background.R + 0.587 * background.G + 0.114 * background.B > 120 ? Color.Black : Color.White;

    private static byte Mix(double a, double b, double t) => (byte)Math.Round(a + (b - a) * t);
}
