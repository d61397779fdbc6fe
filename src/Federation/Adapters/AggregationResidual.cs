namespace LoraCollab.Federation.Adapters;

/// <summary>
/// What is lost by averaging A and B separately: ρ_i = ‖Σ_j w_ij ΔW_j − scale·(Σ_j w_ij B_j)(Σ_j w_ij A_j)‖_F over all targets together.
/// </summary>
/// <param name="Absolute">[N]: ρ_i.</param>
/// <param name="Relative">[N]: ρ_i / ‖Σ_j w_ij ΔW_j‖_F; 0 where both are 0.</param>
public sealed record AggregationResidual(double[] Absolute, double[] Relative)
{
    /// <summary>
    /// With B̄ = Σ w_j B_j, Ā = Σ w_j A_j and S = Σ w_j, the difference is Σ_j w_j (B_j − B̄)(A_j − Ā) + (1 − S)·B̄Ā: a sum of
    /// small terms, so that clients that are close do not cancel in it.
    /// </summary>
    public static AggregationResidual Of(AdapterShape shape, IReadOnlyList<float[]> adapters, TrustMatrix trust)
    {
        var factors = adapters.Select(a => AdapterFactors.Of(shape, a)).ToArray();
        var absolute = new double[factors.Length];
        var relative = new double[factors.Length];
        for (int i = 0; i < factors.Length; i++)
        {
            var mean = AdapterFactors.Mean(factors, trust.Row(i));
            var residual = new LowRankUpdate(shape);
            var exact = new LowRankUpdate(shape);
            double sum = 0;
            for (int j = 0; j < factors.Length; j++)
            {
                double w = trust[i, j];
                if (w == 0) continue;
                exact.Add(w, factors[j]);
                if (w != 1) residual.Add(w, AdapterFactors.Difference(factors[j], mean));
                sum += w;
            }
            if (Math.Abs(1 - sum) > 1e-9) residual.Add(1 - sum, mean);
            absolute[i] = residual.Norm();
            double norm = exact.Norm();
            relative[i] = norm == 0 ? 0 : absolute[i] / norm;
        }
        return new AggregationResidual(absolute, relative);
    }
}
