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

    /// <summary>The style of the series of that number.</summary>
    public static SeriesStyle Of(int index)
    {
        int colours = PlotTheme.Series.Count;
        var (width, marker) = s_forms[index / colours % s_forms.Length];
        return new SeriesStyle(PlotTheme.Series[index % colours], width, marker);
    }
}
