namespace LoraCollab.Report.Plots;

/// <summary>What stands at the points of a series.</summary>
public enum SeriesMarker
{
    /// <summary>The marker of the series' own style.</summary>
    Own,

    /// <summary>The same, open: something else of the same name, such as single seeds beside their mean.</summary>
    Hollow,

    /// <summary>An open square around a point: it was chosen.</summary>
    Frame,
}
