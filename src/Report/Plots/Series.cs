namespace LoraCollab.Report.Plots;

/// <summary>One series of a chart.</summary>
/// <param name="Name">What the legend calls it; series of one name have one entry.</param>
/// <param name="Style">Its number among the names of the whole report, which decides colour, line and marker.</param>
/// <param name="Points">From left to right.</param>
public sealed record Series(string Name, int Style, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether a line goes from point to point.</summary>
    public bool Joined { get; init; } = true;

    /// <summary>Diameter of the markers; 0: none.</summary>
    public float MarkerSize { get; init; } = 6;

    public SeriesMarker Marker { get; init; }

    /// <summary>What the legend says of markers like these, once, in grey; null: nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The ends of an interval around each y; null: none.</summary>
    public IReadOnlyList<(double Low, double High)>? Intervals { get; init; }
}
