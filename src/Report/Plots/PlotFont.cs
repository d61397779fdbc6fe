using ScottPlot;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>
/// The font of every picture. It ships with the program (Open Sans, SIL Open Font License 1.1, Font/OFL.txt): where a system has no fonts, as in many
/// containers, text would be left out without an error.
/// </summary>
internal sealed class PlotFont : IFontResolver
{
    public const string Name = "Open Sans";

    private static readonly Lock s_registering = new();
    private static bool s_registered;

    /// <summary>Makes the font known to the plotting library and its own choice wherever nothing else is said.</summary>
    public static void Register()
    {
        lock (s_registering)
        {
            if (s_registered) return;
            Fonts.FontResolvers.Insert(0, new PlotFont());
            Fonts.Default = Fonts.Sans = Name;
            s_registered = true;
        }
    }

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Name ? Typeface(weight > FontWeight.Medium) : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        CreateTypeface(fontName, bold ? FontWeight.Bold : FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);

    /// <summary>The font itself, for text that no plot draws.</summary>
    public static SKTypeface Typeface(bool bold)
    {
        string resource = bold ? "OpenSans-SemiBold.ttf" : "OpenSans-Regular.ttf";
        using var data = SKData.Create(typeof(PlotFont).Assembly.GetManifestResourceStream(resource)!);
        return SKTypeface.FromData(data);
    }
}
