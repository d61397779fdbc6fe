namespace LoraCollab.Report.Plots;

/// <summary>Which values the colours of a heatmap picture run over.</summary>
/// <param name="Most">The lightest colour's value in all panels, the darkest being 0; null: every panel from its own least to its own largest value.</param>
public readonly record struct HeatmapRange(double? Most)
{
    /// <summary>Every panel has its own.</summary>
    public static HeatmapRange Free => new(null);

    /// <summary>Leaves the cells (i, i) empty and out of a free range.</summary>
    public bool WithoutDiagonal { get; init; }

    /// <summary>One range for all: from 0 to the largest value of any panel.</summary>
    public static HeatmapRange OfAll(IEnumerable<IReadOnlyList<IReadOnlyList<double>>> matrices, bool withoutDiagonal = false) =>
        new(matrices.Max(m => Cells(m, withoutDiagonal).Max())) { WithoutDiagonal = withoutDiagonal };

    /// <summary>The ends of the scale for one panel.</summary>
    internal (double Least, double Most) Of(IReadOnlyList<IReadOnlyList<double>> values)
    {
        if (Most is { } most) return (0, most);
        double[] cells = [.. Cells(values, WithoutDiagonal)];
        return (cells.Min(), cells.Max());
    }

    /// <summary>Whether a value of the panel lies above the scale's end.</summary>
    internal bool Exceeds(HeatmapPanel panel) => Most is { } most && Cells(panel.Values, WithoutDiagonal).Any(v => v > most);

    /// <summary>The values that are shown; those that are not finite are left out, and a 0 stands for none at all.</summary>
    private static IEnumerable<double> Cells(IReadOnlyList<IReadOnlyList<double>> values, bool withoutDiagonal) =>
        values.SelectMany((row, i) => row.Where((v, j) => double.IsFinite(v) && !(withoutDiagonal && i == j))).DefaultIfEmpty(0);
}
