namespace LoraCollab.Federation.Adapters;

/// <summary>
/// ΔW = scale · Σ_p c_p · B_p·A_p over all targets, known by its factors and never formed: ⟨B_p A_p, B_q A_q⟩_F = ⟨B_pᵀB_q, A_p A_qᵀ⟩_F, two
/// r×r matrices.
/// </summary>
internal sealed class LowRankUpdate(AdapterShape shape)
{
    private readonly List<(double Weight, AdapterFactors B, AdapterFactors A)> _terms = [];

    /// <summary>Adds weight · B·A, B of one adapter and A of the same or another.</summary>
    public LowRankUpdate Add(double weight, AdapterFactors b, AdapterFactors a)
    {
        if (weight != 0) _terms.Add((weight, b, a));
        return this;
    }

    public LowRankUpdate Add(double weight, AdapterFactors factors) => Add(weight, factors, factors);

    /// <summary>⟨ΔW, ΔV⟩_F over all targets together.</summary>
    public double Inner(LowRankUpdate other)
    {
        double sum = 0;
        foreach (var (cp, bp, ap) in _terms)
            foreach (var (cq, bq, aq) in other._terms)
                sum += cp * cq * Inner(bp, ap, bq, aq);
        return shape.Scale * shape.Scale * sum;
    }

    /// <summary>‖ΔW‖_F over all targets together.</summary>
    public double Norm() => Math.Sqrt(Math.Max(0, Inner(this)));

    /// <summary>⟨ΔW_t, ΔV_t⟩_F of one target; over all targets they sum to <see cref="Inner(LowRankUpdate)"/>.</summary>
    public double InnerOf(int target, LowRankUpdate other)
    {
        double sum = 0;
        foreach (var (cp, bp, ap) in _terms)
            foreach (var (cq, bq, aq) in other._terms)
                sum += cp * cq * AddTarget(0, target, bp, ap, bq, aq);
        return shape.Scale * shape.Scale * sum;
    }

    private double Inner(AdapterFactors bp, AdapterFactors ap, AdapterFactors bq, AdapterFactors aq)
    {
        double sum = 0;
        for (int t = 0; t < shape.Targets.Count; t++) sum = AddTarget(sum, t, bp, ap, bq, aq);
        return sum;
    }

    private double AddTarget(double sum, int t, AdapterFactors bp, AdapterFactors ap, AdapterFactors bq, AdapterFactors aq)
    {
        var (r, ic, oc) = (shape.Targets[t].Rank, shape.Targets[t].IC, shape.Targets[t].OC);
        for (int k = 0; k < r; k++)
            for (int l = 0; l < r; l++)
                sum += DotProduct.Of(bp.Bt[t].AsSpan(k * oc, oc), bq.Bt[t].AsSpan(l * oc, oc))
                     * DotProduct.Of(ap.A[t].AsSpan(k * ic, ic), aq.A[t].AsSpan(l * ic, ic));
        return sum;
    }
}
