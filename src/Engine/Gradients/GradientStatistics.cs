namespace LoraCollab.Engine.Gradients;

/// <summary>What is said of one gradient tensor.</summary>
/// <param name="Norm">√Σ g²; NaN where an element is not finite.</param>
/// <param name="Max">Largest |g|; NaN where an element is not finite.</param>
/// <param name="Zeros">Share of elements that are exactly 0, from 0 to 1.</param>
/// <param name="Rows">Rows of the tensor; a vector is one row.</param>
/// <param name="DeadRows">Rows of which every element is exactly 0.</param>
/// <param name="NonFinite">Elements that are NaN or infinite.</param>
public readonly record struct GradientStatistics(double Norm, double Max, double Zeros, int Rows, int DeadRows, long NonFinite)
{
    public bool IsZero => Norm == 0;

    public bool IsFinite => NonFinite == 0;

    /// <param name="values">The tensor, row by row.</param>
    /// <param name="columns">Elements of a row; 0 for a vector.</param>
    public static GradientStatistics Of(ReadOnlySpan<double> values, int columns)
    {
        if (columns <= 0) columns = values.Length;
        double squares = 0, max = 0;
        long zeros = 0, nonFinite = 0;
        int dead = 0;
        for (int start = 0; start < values.Length; start += columns)
        {
            long before = zeros;
            foreach (double g in values.Slice(start, columns))
            {
                squares += g * g;
                max = Math.Max(max, Math.Abs(g));
                if (g == 0) zeros++;
                else if (!double.IsFinite(g)) nonFinite++;
            }
            if (zeros - before == columns) dead++;
        }
        if (nonFinite > 0) (squares, max) = (double.NaN, double.NaN);
        return new(Math.Sqrt(squares), max, (double)zeros / Math.Max(1, values.Length), values.Length / Math.Max(1, columns), dead, nonFinite);
    }

    /// <summary>Of several tensors of one place, one a micro-batch: the root mean square of the norms, the largest element, the rest over all rows.</summary>
    public static GradientStatistics Over(IReadOnlyCollection<GradientStatistics> all) => new(
        Math.Sqrt(all.Average(s => s.Norm * s.Norm)), all.Select(s => s.Max).Aggregate(Math.Max), all.Average(s => s.Zeros), all.Sum(s => s.Rows),
        all.Sum(s => s.DeadRows), all.Sum(s => s.NonFinite));
}
