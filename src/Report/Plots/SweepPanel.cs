namespace LoraCollab.Report.Plots;

/// <summary>One diagram of a sweep's picture.</summary>
/// <param name="Title">Above it.</param>
/// <param name="Y">Name of the y axis.</param>
/// <param name="Lines">One a scheme.</param>
public sealed record SweepPanel(string Title, string Y, IReadOnlyList<SweepLine> Lines)
{
    /// <summary>Places on the y axis with the text that stands there; null: round numbers.</summary>
    public IReadOnlyList<(double Y, string Label)>? YTicks { get; init; }
}
