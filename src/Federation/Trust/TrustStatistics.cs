namespace LoraCollab.Federation.Trust;

/// <summary>What a trust matrix says, in a few numbers: means over clients.</summary>
/// <param name="SelfWeight">w_ii.</param>
/// <param name="Entropy">−Σ_j w_ij ln w_ij in nats: 0 for one neighbour, ln N for all alike.</param>
/// <param name="EffectiveNeighbours">exp of the row's entropy; the mean of these, not exp of the mean.</param>
/// <param name="SameCategory">Mean weight of a peer j ≠ i of the same main category; null where nobody has one.</param>
/// <param name="OtherCategory">Mean weight of a peer of another; null where nobody has one.</param>
/// <param name="InsideCategory">Sum of the weights inside the own category, oneself included.</param>
/// <param name="TheoreticalDistance"> Total variation ½ Σ_j |w_ij − t_ij| to the theoretical matrix (half the L1 norm of a row's difference): the share of
/// trust that would have to move, from 0 to 1; null without one.
/// </param>
public sealed record TrustStatistics(
    double SelfWeight, double Entropy, double EffectiveNeighbours, double? SameCategory, double? OtherCategory, double InsideCategory,
        double? TheoreticalDistance)
{
    /// <param name="weights">[N][N]: W.</param>
    /// <param name="shares">[N][K]: token shares; a client's main category is its largest, of equal ones the first.</param>
    /// <param name="theoretical">[N][N]: the matrix that the shares ask for, see <see cref="PlantedStructure.Trust"/>.</param>
    public static TrustStatistics Of(double[][] weights, IReadOnlyList<IReadOnlyList<double>> shares, double[][]? theoretical = null)
    {
        int n = weights.Length;
        int[] category = [.. shares.Select(MainCategory)];
        var pairs = Enumerable.Range(0, n).SelectMany(i => Enumerable.Range(0, n).Select(j => (i, j))).ToArray();
        double? Mean(Func<int, int, bool> include) => pairs.Where(p => p.i != p.j && include(p.i, p.j)).Select(p => (double?)weights[p.i][p.j]).Average();
        return new TrustStatistics(
            Enumerable.Range(0, n).Average(i => weights[i][i]),
            weights.Average(row => Math.Log(SoftmaxRow.Perplexity(row))),
            weights.Average(row => SoftmaxRow.Perplexity(row)),
            Mean((i, j) => category[i] == category[j]),
            Mean((i, j) => category[i] != category[j]),
            pairs.Where(p => category[p.i] == category[p.j]).Sum(p => weights[p.i][p.j]) / n,
            theoretical is null ? null : weights.Zip(theoretical, (w, t) => 0.5 * w.Zip(t, (a, b) => Math.Abs(a - b)).Sum()).Average());
    }

    /// <summary>The category a client has most of.</summary>
    public static int MainCategory(IReadOnlyList<double> shares)
    {
        int best = 0;
        for (int k = 1; k < shares.Count; k++)
            if (shares[k] > shares[best]) best = k;
        return best;
    }
}
