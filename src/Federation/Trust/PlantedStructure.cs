namespace LoraCollab.Federation.Trust;

/// <summary>How well a trust matrix tells peers of the own main category from others: what the data has planted.</summary>
public static class PlantedStructure
{
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
