namespace LoraCollab.Federation.Adapters;

/// <summary>
/// What one adapter cannot hold of a mean of effective weights: R = Σ_j w_j·(R_j + scale·B_jA_j) − scale·B̄Ā, so that W₀ + R + scale·B̄Ā = Σ_j
/// w_j·W_j (FedEx-LoRA, arXiv:2410.09432). Computed in double, rounded once.
/// </summary>
internal static class ExactResidual
{
    /// <summary>[Σ IC·OC]: R of all targets in their order, each [IC, OC] as the base's weights lie.</summary>
    /// <param name="weights">[N]: w.</param>
    /// <param name="adapters">[N]: B and A.</param>
    /// <param name="former">[N]: R_j; null: zero.</param>
    /// <param name="mean">B̄ and Ā, as they are received.</param>
    public static float[] Of(AdapterShape shape, double[] weights, IReadOnlyList<AdapterFactors> adapters, IReadOnlyList<float[]?>? former, AdapterFactors mean)
    {
        var residual = new float[Length(shape)];
        int[] takesPart = [.. Enumerable.Range(0, weights.Length).Where(j => weights[j] != 0)];
        Parallel.For(0, shape.Targets.Count, t =>
        {
            var (ic, oc) = (shape.Targets[t].IC, shape.Targets[t].OC);
            int begin = shape.Targets.Take(t).Sum(other => other.IC * other.OC);
            var row = new double[oc];
            for (int i = 0; i < ic; i++, begin += oc)
            {
                Array.Clear(row);
                foreach (int j in takesPart)
                {
                    if (former?[j] is { } own)
                        for (int o = 0; o < oc; o++) row[o] += weights[j] * own[begin + o];
                    AddProduct(row, weights[j] * shape.Scale, adapters[j], t, i, ic);
                }
                AddProduct(row, -shape.Scale, mean, t, i, ic);
                for (int o = 0; o < oc; o++) residual[begin + o] = (float)row[o];
            }
        });
        return residual;
    }

    /// <summary>Σ IC·OC.</summary>
    public static int Length(AdapterShape shape) => checked(shape.Targets.Sum(t => t.IC * t.OC));

    // row[o] += c · Σ_k A[k, i] · Bᵀ[k, o]
    private static void AddProduct(double[] row, double c, AdapterFactors factors, int target, int i, int ic)
    {
        double[] a = factors.A[target], bt = factors.Bt[target];
        for (int k = 0; k * ic < a.Length; k++)
        {
            double scaled = c * a[k * ic + i];
            var b = bt.AsSpan(k * row.Length, row.Length);
            for (int o = 0; o < b.Length; o++) row[o] += scaled * b[o];
        }
    }
}
