namespace LoraCollab.Report.Plots;

/// <summary>One scheme in a sweep's picture.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="Style">As of <see cref="Series"/>.</param>
/// <param name="Means">By value; NaN where there is no run.</param>
public sealed record SweepLine(string Scheme, int Style, IReadOnlyList<double> Means)
{
    /// <summary>Half the width of an interval around each mean; null without intervals.</summary>
    public IReadOnlyList<double?>? HalfWidths { get; init; }

    /// <summary>By value: what the mean is of, a seed each; drawn where there are several.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Seeds { get; init; } = [];

    /// <summary>The value that was chosen; null: none.</summary>
    public int? Chosen { get; init; }
}
