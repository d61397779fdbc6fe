namespace LoraCollab.Report.Plots;

/// <summary>One matrix of a heatmap picture.</summary>
/// <param name="Title">Above it.</param>
/// <param name="Values">[N][N]: row i holds how much client i trusts each client.</param>
public sealed record HeatmapPanel(string Title, IReadOnlyList<IReadOnlyList<double>> Values);
