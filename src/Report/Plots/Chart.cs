namespace LoraCollab.Report.Plots;

/// <summary>One diagram with two linear axes.</summary>
/// <param name="Title">Above it.</param>
/// <param name="X">Name of the x axis.</param>
/// <param name="Y">Name of the y axis.</param>
/// <param name="Series">What is drawn, the later ones above.</param>
public sealed record Chart(string Title, string X, string Y, IReadOnlyList<Series> Series)
{
    /// <summary>Where thin vertical lines mark something, such as aggregations.</summary>
    public IReadOnlyList<double> Marks { get; init; } = [];

    /// <summary>Places on the x axis with the text that stands there; null: round numbers.</summary>
    public IReadOnlyList<(double X, string Label)>? XTicks { get; init; }

    /// <summary>The same on the y axis.</summary>
    public IReadOnlyList<(double Y, string Label)>? YTicks { get; init; }

    /// <summary>The range of the y axis; null: what the points need.</summary>
    public (double Least, double Most)? YRange { get; init; }

    /// <summary>The range of the x axis; null: what the points need.</summary>
    public (double Least, double Most)? XRange { get; init; }
}

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
