namespace LoraCollab.Report.Plots;

/// <summary>One row of a bar picture.</summary>
/// <param name="Name">Beside the bar.</param>
/// <param name="Style">As of <see cref="Series"/>; null: grey, for what is only there to compare with.</param>
/// <param name="Mean">Length of the bar.</param>
/// <param name="Text">The mean as the tables write it.</param>
public sealed record Bar(string Name, int? Style, double Mean, string Text)
{
    /// <summary>Half the width of the 95 % interval; null: none.</summary>
    public double? HalfWidth { get; init; }

    /// <summary>What the mean is of, one dot each where there is no interval.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Difference to what all are compared with, in the right half; null: nothing is drawn there.</summary>
    public double? Difference { get; init; }

    /// <summary>Half the width of its 95 % interval.</summary>
    public double? DifferenceHalfWidth { get; init; }

    /// <summary>What the difference is the mean of.</summary>
    public IReadOnlyList<double> Differences { get; init; } = [];
}
