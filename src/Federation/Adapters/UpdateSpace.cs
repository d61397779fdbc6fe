namespace LoraCollab.Federation.Adapters;

/// <summary>Cosines of effective updates, from the factors.</summary>
internal static class UpdateSpace
{
    /// <summary>
    /// [N][N]: cosine of ΔW_i and ΔW_j over all targets together. ΔW_i = scale·B_iA_i, or with anchors scale·(B_iA_i − B_i⁰A_i⁰), which is (B_i −
    /// B_i⁰)A_i + B_i⁰(A_i − A_i⁰) and does not cancel. A zero update is similar to itself alone; if all are zero everybody is similar to everybody.
    /// </summary>
    public static double[][] Cosines(AdapterShape shape, IReadOnlyList<float[]> adapters, IReadOnlyList<float[]>? anchors)
    {
        int n = adapters.Count;
        var updates = new LowRankUpdate[n];
        for (int i = 0; i < n; i++)
            updates[i] = Update(shape, adapters[i], anchors?[i]);
        double[] norms = Array.ConvertAll(updates, u => u.Norm());
        bool nothingLearned = norms.All(x => x == 0);
        return SymmetricMatrix.Build(n, diagonal: 1, (i, j) =>
            nothingLearned ? 1 : norms[i] == 0 || norms[j] == 0 ? 0 : Math.Clamp(updates[i].Inner(updates[j]) / (norms[i] * norms[j]), -1, 1));
    }

    /// <summary>ΔW of one client, since its anchor where there is one.</summary>
    public static LowRankUpdate Update(AdapterShape shape, float[] adapter, float[]? anchor)
    {
        var now = AdapterFactors.Of(shape, adapter);
        if (anchor is null) return new LowRankUpdate(shape).Add(1, now);
        var then = AdapterFactors.Of(shape, anchor);
        return new LowRankUpdate(shape).Add(1, AdapterFactors.Difference(now, then), now).Add(1, then, AdapterFactors.Difference(now, then));
    }
}
