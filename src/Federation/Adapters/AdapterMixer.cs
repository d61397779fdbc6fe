namespace LoraCollab.Federation.Adapters;

/// <summary>
/// θ_i ← Σ_j w_ij θ_j for every client at once, from the old values: A and B entry by entry, summed in double over ascending j, rounded to float32 once.
/// </summary>
public static class AdapterMixer
{
    /// <param name="adapters">[N][parameters], left as they are.</param>
    /// <param name="trust">W, N×N.</param>
    /// <returns>[N][parameters], new arrays.</returns>
    public static float[][] Mix(IReadOnlyList<float[]> adapters, TrustMatrix trust)
    {
        if (adapters.Count != trust.Clients)
            throw new ArgumentException($"{adapters.Count} adapters, but a trust matrix of {trust.Clients} clients", nameof(adapters));
        var mixed = new float[adapters.Count][];
        for (int i = 0; i < mixed.Length; i++) mixed[i] = Mix(adapters, trust.Row(i));
        return mixed;
    }

    /// <summary>Σ_j w_j θ_j, summed and rounded as a row of <see cref="Mix(IReadOnlyList{float[]}, TrustMatrix)"/>.</summary>
    public static float[] Mix(IReadOnlyList<float[]> adapters, ReadOnlySpan<double> weights)
    {
        if (adapters.Count != weights.Length) throw new ArgumentException($"{adapters.Count} adapters, but {weights.Length} weights", nameof(weights));
        var sum = new double[adapters[0].Length];
        for (int j = 0; j < adapters.Count; j++)
            if (weights[j] != 0) AddScaled(sum, weights[j], adapters[j]);
        return Array.ConvertAll(sum, s => (float)s);
    }

    private static void AddScaled(double[] sum, double weight, float[] values)
    {
        if (values.Length != sum.Length) throw new ArgumentException($"adapters of {sum.Length} and of {values.Length} numbers cannot be mixed");
        for (int e = 0; e < sum.Length; e++) sum[e] += weight * values[e];
    }
}
