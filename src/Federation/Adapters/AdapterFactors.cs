namespace LoraCollab.Federation.Adapters;

/// <summary>
/// One adapter in double, factor by factor: A [r, IC] and Bᵀ [r, OC] of every target, so that every inner product of two updates is made of dot
/// products of contiguous rows.
/// </summary>
internal sealed class AdapterFactors
{
    private AdapterFactors(double[][] a, double[][] bt) => (A, Bt) = (a, bt);

    /// <summary>[target][r·IC].</summary>
    public double[][] A { get; }

    /// <summary>[target][r·OC].</summary>
    public double[][] Bt { get; }

    public static AdapterFactors Of(AdapterShape shape, ReadOnlySpan<float> flat)
    {
        if (flat.Length != shape.Length) throw new ArgumentException($"an adapter of {flat.Length} numbers where {shape.Length} are expected", nameof(flat));
        var a = new double[shape.Targets.Count][];
        var bt = new double[shape.Targets.Count][];
        for (int t = 0; t < a.Length; t++)
        {
            var target = shape.Targets[t];
            a[t] = new double[target.Rank * target.IC];
            bt[t] = new double[target.Rank * target.OC];
            for (int e = 0; e < a[t].Length; e++) a[t][e] = flat[target.AOffset + e];
            for (int o = 0; o < target.OC; o++)
                for (int k = 0; k < target.Rank; k++)
                    bt[t][k * target.OC + o] = flat[target.BOffset + o * target.Rank + k];
        }
        return new AdapterFactors(a, bt);
    }

    /// <summary>Σ_j w_j · factors_j, entry by entry.</summary>
    public static AdapterFactors Mean(IReadOnlyList<AdapterFactors> factors, ReadOnlySpan<double> weights)
    {
        var mean = new AdapterFactors(Zeros(factors[0].A), Zeros(factors[0].Bt));
        for (int j = 0; j < factors.Count; j++)
        {
            if (weights[j] == 0) continue;
            AddScaled(mean.A, weights[j], factors[j].A);
            AddScaled(mean.Bt, weights[j], factors[j].Bt);
        }
        return mean;
    }

    /// <summary>a − b, entry by entry.</summary>
    public static AdapterFactors Difference(AdapterFactors a, AdapterFactors b)
    {
        var difference = new AdapterFactors(Zeros(a.A), Zeros(a.Bt));
        AddScaled(difference.A, 1, a.A);
        AddScaled(difference.Bt, 1, a.Bt);
        AddScaled(difference.A, -1, b.A);
        AddScaled(difference.Bt, -1, b.Bt);
        return difference;
    }

    private static double[][] Zeros(double[][] like) => Array.ConvertAll(like, t => new double[t.Length]);

    private static void AddScaled(double[][] sum, double weight, double[][] values)
    {
        for (int t = 0; t < sum.Length; t++)
            for (int e = 0; e < sum[t].Length; e++) sum[t][e] += weight * values[t][e];
    }
}
