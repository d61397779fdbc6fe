namespace LoraCollab.Report.Plots;

/// <summary>One scheme in a sweep's picture.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="Style">As of <see cref="Series"/>.</param>
/// <param name="Means">By value.</param>
/// <param name="HalfWidths">By value; null without intervals.</param>
public sealed record SweepLine(string Scheme, int Style, IReadOnlyList<double> Means, IReadOnlyList<double?>? HalfWidths = null);
