namespace LoraCollab.Federation.Trust;

/// <summary>The softmax of one row of scores, in double.</summary>
internal static class SoftmaxRow
{
    /// <summary>exp((s_k − max) / τ), divided by the sum; τ = ∞ gives equal shares.</summary>
    public static double[] Of(ReadOnlySpan<double> scores, double temperature)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (double s in scores) max = Math.Max(max, s);
        var shares = new double[scores.Length];
        for (int k = 0; k < shares.Length; k++) sum += shares[k] = Math.Exp((scores[k] - max) / temperature);
        for (int k = 0; k < shares.Length; k++) shares[k] /= sum;
        return shares;
    }

    /// <summary>exp(−Σ w ln w): how many equal shares a row amounts to.</summary>
    public static double Perplexity(ReadOnlySpan<double> shares)
    {
        double entropy = 0;
        foreach (double w in shares)
            if (w > 0) entropy -= w * Math.Log(w);
        return Math.Exp(entropy);
    }
}

/// <summary>
/// Calibrates a row's temperature so that exp(entropy) of its softmax is κ, as t-SNE does for its perplexity (van der Maaten and Hinton, 2008):
/// schemes whose scores have different scales are then compared at the same number of effective neighbours.
/// </summary>
public static class EffectiveNeighbours
{
    private const int Halvings = 200;

    /// <summary>
    /// τ for one row. The number of effective neighbours grows with τ, from the number of scores that tie for the best to the number of scores; κ outside
    /// gives the nearest end: a τ near 0, or infinity.
    /// </summary>
    public static double Temperature(ReadOnlySpan<double> scores, double kappa)
    {
        double best = double.NegativeInfinity, worst = double.PositiveInfinity;
        foreach (double s in scores) (best, worst) = (Math.Max(best, s), Math.Min(worst, s));
        double spread = best - worst;
        if (spread == 0 || kappa >= scores.Length) return double.PositiveInfinity;
        double low = Math.Log(spread * 1e-9), high = Math.Log(spread * 1e9);
        for (int step = 0; step < Halvings; step++)
        {
            double middle = 0.5 * (low + high);
            if (SoftmaxRow.Perplexity(SoftmaxRow.Of(scores, Math.Exp(middle))) < kappa) low = middle;
            else high = middle;
        }
        return Math.Exp(0.5 * (low + high));
    }
}
