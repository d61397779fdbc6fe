namespace LoraCollab.Federation.Tests;

public class RenyiAccountantTests
{
    /// <summary>TensorFlow Privacy, compute_dp_sgd_privacy_test.py, Test0 and Test1: records, batch, σ, epochs, δ, then ε and the order it is found
    /// at.</summary>
    [Theory]
    [InlineData(60000, 150, 1.3, 15, 1e-5, 0.7242234026109595, 19)]
    [InlineData(100000, 100, 1.0, 30, 1e-7, 1.4154988495444845, 13)]
    public void SubsampledGaussian_OfTensorFlowPrivacysCases_HasItsEpsilon(int records, int batch, double noise, int epochs, double delta, double epsilon,
        int order)
    {
        var cost = OfSubsampledGaussian(noise, (double)batch / records, epochs * records / batch, delta);
        Assert.Equal(epsilon, cost.Epsilon, 1e-10);
        Assert.Equal(order, cost.Order);
    }

    /// <summary>The same project's rdp_privacy_accountant_test.py, whose conversion was then Mironov's own: 10,000 steps at rate 0.01 and σ = 4 cost
    /// 1.258575 at order 20 for δ = 1e-5.</summary>
    [Fact]
    public void SubsampledGaussian_UnderMironovsConversion_HasThePublishedEpsilon()
    {
        double Epsilon(int order) => 10000 * SubsampledGaussian(order, 4, 0.01) + Math.Log(1e5) / (order - 1);
        Assert.Equal(20, Enumerable.Range(2, 31).MinBy(Epsilon));
        Assert.Equal(1.258575, Epsilon(20), 5e-7);
    }

    /// <summary>google/differential-privacy, rdp_privacy_accountant_test.py, test_compute_rdp_poisson_sampled_gaussian: 50 steps at rate 0.01 and σ =
    /// 2.5.</summary>
    [Theory]
    [InlineData(5, 2.18075656e-03)]
    [InlineData(50, 2.38460375e-02)]
    [InlineData(100, 1.67416308e02)]
    public void SubsampledGaussian_OfOneOrder_IsThePublishedDivergence(int order, double divergence) =>
        Assert.Equal(divergence, 50 * SubsampledGaussian(order, 2.5, 0.01), divergence * 1e-7);

    /// <summary>The same file, test_compute_epsilon_delta_gaussian: σ = 4.530877117 gives exactly (1, 1e-6); and test_compute_epsilon_delta_pure_dp:
    /// a divergence of 1.1 at order 32.</summary>
    [Fact]
    public void Gaussian_OfThePublishedNoise_HasEpsilonOne()
    {
        Assert.Equal(1, RenyiAccountant.OfGaussian(4.530877117, 1, 1e-6).Epsilon, 1e-7);
        Assert.Equal(1.32783806176, RenyiAccountant.Epsilon(32, 1.1, 1e-5), 1e-10);
    }

    [Theory]
    [InlineData(1.0, 1, 1e-5)]
    [InlineData(0.3, 1, 1e-6)]
    [InlineData(2.0, 17, 1e-5)]
    [InlineData(50.0, 17, 1e-3)]
    [InlineData(1e-2, 3, 1e-5)]
    [InlineData(1e3, 2, 1e-5)]
    public void Gaussian_Composed_LiesBetweenTheExactCurveAndMironovsBound(double noise, int releases, double delta)
    {
        var cost = RenyiAccountant.OfGaussian(noise, releases, delta);
        // Mironov: a·α + L/(α − 1) is least at α = 1 + √(L/a), where it is a + 2√(aL).
        double a = releases / (2 * noise * noise), l = Math.Log(1 / delta);
        Assert.InRange(cost.Epsilon, 0, a + 2 * Math.Sqrt(a * l));
        // T releases of noise σ are one of noise σ/√T; Balle and Wang (arXiv:1805.06530, theorem 8) give its exact δ.
        double mu = Math.Sqrt(releases) / noise;
        if (mu < 30) Assert.InRange(ExactDelta(cost.Epsilon, mu), 0, delta);
        Assert.Equal(cost.Epsilon, Enumerable.Range(1,
            20000).Min(g => RenyiAccountant.Epsilon(1 + g * cost.Order / 5000, a * (1 + g * cost.Order / 5000), delta)), 1e-3 * (1 + cost.Epsilon));
    }

    [Fact]
    public void Gaussian_ByHand_OfOrderTwo()
    {
        Assert.Equal(0.25, RenyiAccountant.Gaussian(2, 2));
        // ε = 0.25 + log(1/2) − (log 0.01 + log 2) / 1.
        Assert.Equal(0.25 - Math.Log(2) - Math.Log(0.02), RenyiAccountant.Epsilon(2, 0.25, 0.01), 1e-14);
        // Order 2 of a sample: log(1 + q²·(e^(1/σ²) − 1)).
        Assert.Equal(Math.Log(1 + 0.01 * (Math.Exp(1 / 2.25) - 1)), SubsampledGaussian(2, 1.5, 0.1), 1e-14);
    }

    [Fact]
    public void Gaussian_AtTheEnds_IsFreeOrWorthless()
    {
        Assert.Equal(0, RenyiAccountant.OfGaussian(1, 0, 1e-5).Epsilon);
        Assert.Equal(double.PositiveInfinity, RenyiAccountant.OfGaussian(0, 1, 1e-5).Epsilon);
        Assert.Equal(OfSubsampledGaussian(3, 1, 4, 1e-5).Epsilon, RenyiAccountant.OfGaussian(3, 4, 1e-5).Epsilon, 1e-2);
        Assert.True(OfSubsampledGaussian(3, 0.1, 4, 1e-5).Epsilon < RenyiAccountant.OfGaussian(3, 4, 1e-5).Epsilon);
    }

    /// <summary>Φ(μ/2 − ε/μ) − e^ε·Φ(−μ/2 − ε/μ) by Simpson's rule over the normal density.</summary>
    private static double ExactDelta(double epsilon, double mu) => Phi(mu / 2 - epsilon / mu, 0) - Phi(-mu / 2 - epsilon / mu, epsilon);

    /// <summary>e^shift·Φ(x).</summary>
    private static double Phi(double x, double shift)
    {
        const int Steps = 20000;
        double low = x - 12, h = 12.0 / Steps, sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double t = low + i * h;
            sum += (i == 0 || i == Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(shift - t * t / 2);
        }
        return sum * h / 3 / Math.Sqrt(2 * Math.PI);
    }

    /// <summary>
    /// ε(α) of the Gaussian mechanism on a Poisson sample of rate q, whole α from 2 on: log(Σ_k C(α,k)·(1−q)^(α−k)·q^k·exp((k² − k)/(2σ²))) /
    /// (α − 1) (Mironov, Talwar, Zhang, arXiv:1908.10530, section 3.3).
    /// </summary>
    private static double SubsampledGaussian(int order, double noise, double rate)
    {
        if (rate == 1) return RenyiAccountant.Gaussian(order, noise);
        double logBinomial = 0, sum = double.NegativeInfinity;
        for (int k = 0; k <= order; k++)
        {
            double term = logBinomial + (order - k) * Math.Log(1 - rate) + (k == 0 ? 0 : k * Math.Log(rate)) + (double)k * (k - 1) / (2 * noise * noise);
            double most = Math.Max(sum, term);
            sum = double.IsNegativeInfinity(most) ? most : most + Math.Log(Math.Exp(sum - most) + Math.Exp(term - most));
            logBinomial += Math.Log((double)(order - k) / (k + 1));
        }
        return sum / (order - 1);
    }

    /// <summary>
    /// As <see cref="RenyiAccountant.OfGaussian"/>, where every release is of a Poisson sample of rate <paramref name="rate"/>; whole orders up to 512.
    /// </summary>
    private static PrivacyCost OfSubsampledGaussian(double noise, double rate, int releases, double delta)
    {
        if (releases == 0 || rate == 0) return new PrivacyCost(0, delta, double.PositiveInfinity);
        if (noise == 0) return new PrivacyCost(double.PositiveInfinity, delta, 1);
        return Enumerable.Range(2, 512 - 1)
            .Select(order => new PrivacyCost(RenyiAccountant.Epsilon(order, releases * SubsampledGaussian(order, noise, rate), delta), delta, order))
            .MinBy(cost => cost.Epsilon)!;
    }
}
