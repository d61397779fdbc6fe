using ScottPlot;

namespace LoraCollab.Report.Plots;

/// <summary>
/// How one series is told from the others: seven colours, and from the eighth series on other markers on thinner lines, so that 28 series differ.
/// </summary>
/// <param name="Colour">Of line and marker.</param>
/// <param name="Width">Of the line that joins the points.</param>
/// <param name="Marker">Of the points.</param>
internal readonly record struct SeriesStyle(Color Colour, float Width, MarkerShape Marker)
{
    private static readonly (float Width, MarkerShape Marker)[] s_forms =
        [(1.8f, MarkerShape.FilledCircle), (1, MarkerShape.FilledSquare), (1, MarkerShape.FilledTriangleUp), (1, MarkerShape.FilledDiamond)];

    /// <summary>Of what a legend says about markers of any colour.</summary>
    public static Color Note { get; } = Color.FromHex("#5A5A5A");

    /// <summary>The marker of a series in its style.</summary>
    public MarkerStyle MarkerOf(SeriesMarker kind, float size) => kind switch
    {
        SeriesMarker.Hollow => Open(Hollow, size, size < 6 ? 1 : 2.2f),
        SeriesMarker.Frame => Open(MarkerShape.OpenSquare, size, 1.4f),
        _ => new MarkerStyle(Marker, size, Colour),
    };

    /// <summary>The style of the series of that number.</summary>
    public static SeriesStyle Of(int index) => Of(index, PlotTheme.Series);

    /// <summary>The style of a series, from the larger palette where it asks for it.</summary>
    public static SeriesStyle Of(Series series) => Of(series.Style, series.ManyColours ? PlotTheme.Many : PlotTheme.Series);

    private static SeriesStyle Of(int index, IReadOnlyList<Color> colours)
    {
        var (width, marker) = s_forms[index / colours.Count % s_forms.Length];
        return new SeriesStyle(colours[index % colours.Count], width, marker);
    }

    private MarkerShape Hollow => Marker switch
    {
        MarkerShape.FilledSquare => MarkerShape.OpenSquare,
        MarkerShape.FilledTriangleUp => MarkerShape.OpenTriangleUp,
        MarkerShape.FilledDiamond => MarkerShape.OpenDiamond,
        _ => MarkerShape.OpenCircle,
    };

    private MarkerStyle Open(MarkerShape shape, float size, float width) => new(shape, size, Colour) { LineWidth = width, LineColor = Colour };
}

/// <summary>Styles by name, so that a scheme looks the same in every picture, whatever else was run.</summary>
internal static class SchemeStyle
{
    /// <summary>The model without adapters: black.</summary>
    public const int Base = 6;

    /// <summary>Beyond all schemes: what another version of the program may have called one.</summary>
    private const int Unknown = 27;

    /// <summary>As of <see cref="Series"/>: the first colours for the paper's six, the same with other markers for the rest.</summary>
    public static int Of(string scheme) => StrategyRegistry.Names.TakeWhile(name => name != scheme).Count() switch
    {
        int place when place < Base => place,
        int place when place < StrategyRegistry.Names.Count => place + 1,
        _ => Unknown,
    };
}
