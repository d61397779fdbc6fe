using ScottPlot;

namespace LoraCollab.Report.Plots;

/// <summary>How one series is told from the others: seven colours, and from the eighth series on other lines and markers, so that 28 series differ.</summary>
/// <param name="Colour">Of line and marker.</param>
/// <param name="Line">Of what joins the points.</param>
/// <param name="Marker">Of the points.</param>
internal readonly record struct SeriesStyle(Color Colour, LinePattern Line, MarkerShape Marker)
{
    private static readonly (LinePattern Line, MarkerShape Marker)[] s_forms =
    [
        (LinePattern.Solid, MarkerShape.FilledCircle), (LinePattern.Dashed, MarkerShape.FilledSquare),
        (LinePattern.Dotted, MarkerShape.FilledTriangleUp), (LinePattern.DenselyDashed, MarkerShape.FilledDiamond),
    ];

    /// <summary>The style of the series of that number.</summary>
    public static SeriesStyle Of(int index)
    {
        int colours = PlotTheme.Series.Count;
        var (line, marker) = s_forms[index / colours % s_forms.Length];
        return new SeriesStyle(PlotTheme.Series[index % colours], line, marker);
    }
}
