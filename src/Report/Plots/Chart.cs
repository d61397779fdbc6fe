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
