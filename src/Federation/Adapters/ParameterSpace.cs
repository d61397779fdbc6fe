namespace LoraCollab.Federation.Adapters;

/// <summary>Cosines of the factors' numbers themselves. They change when A and B are replaced by other factors of the same product.</summary>
internal static class ParameterSpace
{
    private const double SmallestNorm = 1e-8;

    /// <summary>[N][N]: one cosine over all numbers of A and B.</summary>
    public static double[][] FlatCosines(IReadOnlyList<float[]> adapters, IReadOnlyList<float[]>? anchors)
    {
        double[][] moved = Moved(adapters, anchors);
        return SymmetricMatrix.Build(adapters.Count, diagonal: 1, (i, j) => Cosine(moved[i], moved[j], 0, moved[i].Length, 1));
    }

    /// <summary>[N][N]: a cosine for every row of A as (IC, r) and of B as (r, OC), averaged over all rows of all targets.</summary>
    public static double[][] RowWiseCosines(AdapterShape shape, IReadOnlyList<float[]> adapters, IReadOnlyList<float[]>? anchors)
    {
        double[][] moved = Moved(adapters, anchors);
        return SymmetricMatrix.Build(adapters.Count, diagonal: 1, (i, j) =>
        {
            double sum = 0;
            int rows = 0;
            foreach (var t in shape.Targets)
            {
                for (int c = 0; c < t.IC; c++) sum += Cosine(moved[i], moved[j], t.AOffset + c, t.Rank, t.IC);
                for (int k = 0; k < t.Rank; k++) sum += Cosine(moved[i], moved[j], t.BOffset + k, t.OC, t.Rank);
                rows += t.IC + t.Rank;
            }
            return sum / rows;
        });
    }

    /// <summary>What each factor of each target adds to the cosine of two adapters, and its own cosine: flat, or the mean of its rows'.</summary>
    public static IEnumerable<(string Name, double Part, double Cosine)> Parts(
        AdapterShape shape, IReadOnlyList<float[]> pair, IReadOnlyList<float[]>? anchors, bool rowWise)
    {
        double[][] moved = Moved(pair, anchors);
        double norms = Math.Max(Norm(moved[0]) * Norm(moved[1]), SmallestNorm);
        int rows = shape.Targets.Sum(t => t.IC + t.Rank);
        foreach (var t in shape.Targets)
            foreach (var (name, offset, own, length) in ((string, int, int, int)[])[("A", t.AOffset, t.IC, t.Rank), ("B", t.BOffset, t.Rank, t.OC)])
            {
                double sum = Enumerable.Range(0, own).Sum(row => Cosine(moved[0], moved[1], offset + row, length, own));
                double cosine = rowWise ? sum / own : Cosine(moved[0], moved[1], offset, own * length, 1);
                double part = rowWise ? sum / rows : Enumerable.Range(offset, own * length).Sum(e => moved[0][e] * moved[1][e]) / norms;
                yield return ($"{t.Name} {name}", part, cosine);
            }
    }

    private static double Norm(double[] x) => Math.Sqrt(x.Sum(v => v * v));

    /// <summary>‖x − y‖² over all numbers.</summary>
    public static double SquaredDistance(float[] x, float[] y)
    {
        double sum = 0;
        for (int e = 0; e < x.Length; e++) sum += ((double)x[e] - y[e]) * ((double)x[e] - y[e]);
        return sum;
    }

    private static double[][] Moved(IReadOnlyList<float[]> adapters, IReadOnlyList<float[]>? anchors) =>
        [.. adapters.Select((a, i) => a.Select((value, e) => value - (anchors is null ? 0.0 : anchors[i][e])).ToArray())];

    /// <summary>x·y / max(‖x‖·‖y‖, 1e-8) over <paramref name="count"/> numbers, <paramref name="stride"/> apart.</summary>
    private static double Cosine(double[] x, double[] y, int offset, int count, int stride)
    {
        double xy = 0, xx = 0, yy = 0;
        for (int e = offset, n = 0; n < count; e += stride, n++)
        {
            xy += x[e] * y[e];
            xx += x[e] * x[e];
            yy += y[e] * y[e];
        }
        return Math.Clamp(xy / Math.Max(Math.Sqrt(xx) * Math.Sqrt(yy), SmallestNorm), -1, 1);
    }
}
