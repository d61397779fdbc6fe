namespace LoraCollab.Federation.Trust;

/// <summary>
/// What the data has planted: the trust that its true shares ask for, and how well a matrix tells peers of the own main category from others.
/// </summary>
public static class PlantedStructure
{
    /// <summary>What the clients' true shares ask for: s_ij = ⟨p_i, p_j⟩, rows normalised to 1.</summary>
    /// <param name="shares">[N][K]: token shares.</param>
    public static TrustScores Scores(IReadOnlyList<IReadOnlyList<double>> shares)
    {
        double[][] p = [.. shares.Select(s => s.ToArray())];
        return new TrustScores(ScoreMatrix.Fill(p.Length, (i, j) => DotProduct.InOrder<double>(p[i], p[j])), TrustNormalisation.Proportional);
    }

    /// <summary>[N][N]: the trust that they ask for under a topology.</summary>
    public static double[][] Trust(IReadOnlyList<IReadOnlyList<double>> shares, Topology topology) =>
        TrustMatrix.From(Scores(shares), new TrustRule(topology)).ToArray();

    /// <summary>
    /// AUC of off-diagonal trust: the chance that a peer of client i's category has more of i's trust than a peer of another, ties counting half, averaged
    /// over the clients that have peers of both kinds. It compares within
    /// a row, so no temperature changes it. 1: always, 0.5: no better than chance; null where no client has both.
    /// </summary>
    /// <param name="weights">[N][N]: W.</param>
    /// <param name="shares">[N][K]: token shares.</param>
    public static double? Auc(double[][] weights, IReadOnlyList<IReadOnlyList<double>> shares)
    {
        if (shares.Any(s => s.Count == 0)) return null;
        int[] category = [.. shares.Select(TrustStatistics.MainCategory)];
        return Enumerable.Range(0, weights.Length).Select(i => Row(weights[i], i, category)).Where(auc => auc is not null).Average();
    }

    private static double? Row(double[] row, int i, int[] category)
    {
        var peers = Enumerable.Range(0, row.Length).Where(j => j != i).ToLookup(j => category[j] == category[i], j => row[j]);
        return (from same in peers[true] from other in peers[false] select same > other ? 1 : same == other ? 0.5 : (double?)0).Average();
    }
}
