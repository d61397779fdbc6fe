namespace LoraCollab.Report.Plots;

/// <summary>Bytes, on a logarithmic axis with a place of its own for nothing, against perplexity.</summary>
internal static class BytesChart
{
    /// <param name="points">One per scheme; at least one has bytes.</param>
    public static Chart Of(IReadOnlyList<(string Scheme, int Style, long Bytes, double Y)> points)
    {
        double least = Math.Log10(points.Where(p => p.Bytes > 0).Min(p => p.Bytes)), most = Math.Log10(points.Max(p => p.Bytes));
        double nothing = least - Math.Max(0.25, 0.2 * (most - least));
        double At(long bytes) => bytes == 0 ? nothing : Math.Log10(bytes);
        var ticks = new List<(double, string)>();
        if (points.Any(p => p.Bytes == 0)) ticks.Add((nothing, "none"));
        foreach (var (at, factor, decade) in RoundNumbers.Decades(least - 0.02, most + 0.02, 1, 2, 5))
            ticks.Add((at, Format.Bytes(factor * Math.Pow(10, decade))));
        if (ticks.Count(t => t.Item1 > nothing) < 3)
        {
            // The range is too short for round numbers: the points' own, as far apart as their texts need.
            ticks.RemoveAll(t => t.Item1 > nothing);
            foreach (long bytes in points.Where(p => p.Bytes > 0).Select(p => p.Bytes).Distinct().Order())
                if (ticks.Count == 0 || At(bytes) - ticks[^1].Item1 > 0.1 * (most - nothing)) ticks.Add((At(bytes), Format.Bytes(bytes)));
        }
        return new Chart("", "bytes sent and received by all clients over the run", "perplexity",
            [.. points.Select(p => new Series(p.Scheme, p.Style, [(At(p.Bytes), p.Y)]) { Joined = false, MarkerSize = 11 })])
        { XTicks = ticks };
    }
}
