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
