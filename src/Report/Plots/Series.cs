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

    /// <summary>Whether ten colours are used before one comes twice, in place of seven.</summary>
    public bool ManyColours { get; init; }

    /// <summary>Where a value is 0, which a logarithmic axis has no place for: drawn as triangles, wherever the chart keeps room for them.</summary>
    public IReadOnlyList<(double X, double Y)> Zeros { get; init; } = [];

    /// <summary>The same for values that are NaN or infinite, drawn as crosses.</summary>
    public IReadOnlyList<(double X, double Y)> NotFinite { get; init; } = [];

    /// <summary>Whether nothing is drawn.</summary>
    public bool IsEmpty => Points.Count + Zeros.Count + NotFinite.Count == 0;

    /// <summary>The ends of an interval around each y; null: none.</summary>
    public IReadOnlyList<(double Low, double High)>? Intervals { get; init; }
}
