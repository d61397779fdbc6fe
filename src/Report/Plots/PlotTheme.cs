using ScottPlot;
using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>
/// What all pictures share: colours that stay apart with every kind of colour vision (Okabe and Ito), the font, the lines, none of them dashed: the writer of
/// SVG leaves dashes out.
/// </summary>
internal static class PlotTheme
{
    /// <summary>In the order in which series take them; the first is the main one.</summary>
    public static IReadOnlyList<Color> Series { get; } =
        [.. new[] { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000" }.Select(Color.FromHex)];

    /// <summary>
    /// Three more, for diagrams of so many series that a colour would come twice: wine, olive and indigo of Tol's muted scheme, which was made for every
    /// kind of colour vision too.
    /// </summary>
    public static IReadOnlyList<Color> Many { get; } = [.. Series, .. new[] { "#882255", "#999933", "#332288" }.Select(Color.FromHex)];

    /// <summary>Lines that guide the eye and are no data.</summary>
    public static Color Guide { get; } = Color.FromHex("#8C8C8C");

    /// <summary>The colour of text.</summary>
    public static SKColor Text { get; } = SKColor.Parse("#262626");

    /// <summary>The same for what a plot draws.</summary>
    public static Color Ink { get; } = Color.FromHex("#262626");

    private static readonly Color s_grid = Color.FromHex("#E6E6E6");

    /// <summary>Gives an empty plot its looks, a title and the names of its axes.</summary>
    public static void Apply(Plot plot, string title, string x, string y = "")
    {
        PlotFont.Register();
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        plot.Grid.MajorLineColor = s_grid;
        plot.Axes.Color(Ink);
        plot.Axes.Top.FrameLineStyle.IsVisible = plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Title(title, 15);
        plot.Axes.Bottom.Label.Text = x;
        plot.Axes.Left.Label.Text = y;
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.Label.FontSize = plot.Axes.Left.Label.FontSize = 13;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 12;
        plot.Legend.OutlineStyle.IsVisible = plot.Legend.ShadowFillStyle.IsVisible = false;
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(0.85);
        plot.Legend.FontSize = 12;
        plot.Font.Set(PlotFont.Name);
    }
}
