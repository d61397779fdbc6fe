namespace LoraCollab.Federation.Trust;

/// <summary>
/// The nearest point of the simplex {w ≥ 0, Σ w = 1} (Duchi et al., "Efficient projections onto the l1-ball", 2008): max(0, v_j − θ) with the θ that makes
/// the sum 1.
/// </summary>
internal static class SimplexProjection
{
    public static double[] Of(double[] v)
    {
        double[] sorted = [.. v.OrderDescending()];
        double sum = 0, theta = 0;
        for (int k = 0; k < sorted.Length; k++)
        {
            sum += sorted[k];
            double candidate = (sum - 1) / (k + 1);
            if (sorted[k] - candidate > 0) theta = candidate;
        }
        return [.. v.Select(x => Math.Max(0, x - theta))];
    }
}
