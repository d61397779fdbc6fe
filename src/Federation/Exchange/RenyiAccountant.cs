namespace LoraCollab.Federation.Exchange;

/// <summary>
/// Rényi differential privacy of the Gaussian mechanism (Mironov, arXiv:1702.07476): the divergence ε(α) of one release adds up over releases, and the
/// sum is turned into (ε, δ) at
/// the order α where ε is least. Sensitivity 1, noise of standard deviation σ.
/// </summary>
public static class RenyiAccountant
{
    private const int GridSize = 400;

    /// <summary>ε(α) = α / (2σ²), α > 1.</summary>
    public static double Gaussian(double order, double noise) => order / (2 * noise * noise);

    /// <summary>
    /// The ε that goes with δ: ε(α) + log(1 − 1/α) − (log δ + log α)/(α − 1), at least 0 (Balle et al., arXiv:1905.09870, theorem 21; Canonne,
    /// Kamath, Steinke, arXiv:2004.00010,
    /// proposition 12).
    /// </summary>
    public static double Epsilon(double order, double divergence, double delta) =>
        Math.Max(0, divergence + Math.Log(1 - 1 / order) - Math.Log(delta * order) / (order - 1));

    /// <summary>A number of releases, each of everybody: nothing is gained by sampling.</summary>
    /// <param name="noise">σ, in units of the sensitivity.</param>
    /// <param name="releases">How many; 0 costs nothing.</param>
    /// <param name="delta">δ, above 0 and below 1.</param>
    public static PrivacyCost OfGaussian(double noise, int releases, double delta)
    {
        if (releases == 0) return new PrivacyCost(0, delta, double.PositiveInfinity);
        if (noise == 0) return new PrivacyCost(double.PositiveInfinity, delta, 1);
        double At(double log) => Epsilon(1 + Math.Exp(log), releases * Gaussian(1 + Math.Exp(log), noise), delta);

        // One valley in log(α − 1): a grid finds it, golden sections its floor.
        const double Least = -12, Most = 20, Step = (Most - Least) / GridSize;
        double best = Enumerable.Range(0, GridSize + 1).Select(g => Least + g * Step).MinBy(At);
        double low = best - Step, high = best + Step, golden = (Math.Sqrt(5) - 1) / 2;
        while (high - low > 1e-9)
        {
            double left = high - golden * (high - low), right = low + golden * (high - low);
            if (At(left) <= At(right)) high = right;
            else low = left;
        }
        double found = (low + high) / 2;
        return new PrivacyCost(At(found), delta, 1 + Math.Exp(found));
    }
}

/// <summary>An (ε, δ) guarantee that a <see cref="RenyiAccountant"/> found.</summary>
/// <param name="Epsilon">ε; infinite where there is no noise.</param>
/// <param name="Delta">δ, as it was asked for.</param>
/// <param name="Order">The Rényi order α at which ε is least.</param>
public sealed record PrivacyCost(double Epsilon, double Delta, double Order);
