namespace LoraCollab.Federation;

/// <summary>What a trust matrix says, in a few numbers: means over clients.</summary>
/// <param name="SelfWeight">w_ii.</param>
/// <param name="EffectiveNeighbours">exp of the row's entropy.</param>
/// <param name="SameCategory">Mean weight of a peer j ≠ i of the same main category; null where nobody has one.</param>
/// <param name="OtherCategory">Mean weight of a peer of another; null where nobody has one.</param>
/// <param name="InsideCategory">Sum of the weights inside the own category, oneself included.</param>
public sealed record TrustStatistics(double SelfWeight, double EffectiveNeighbours, double? SameCategory, double? OtherCategory, double InsideCategory)
{
    /// <param name="weights">[N][N]: W.</param>
    /// <param name="shares">[N][K]: token shares; a client's main category is its largest, of equal ones the first.</param>
    public static TrustStatistics Of(double[][] weights, IReadOnlyList<IReadOnlyList<double>> shares)
    {
        int n = weights.Length;
        int[] category = [.. shares.Select(MainCategory)];
        var pairs = Enumerable.Range(0, n).SelectMany(i => Enumerable.Range(0, n).Select(j => (i, j))).ToArray();
        double? Mean(Func<int, int, bool> include) => pairs.Where(p => p.i != p.j && include(p.i, p.j)).Select(p => (double?)weights[p.i][p.j]).Average();
        return new TrustStatistics(
            Enumerable.Range(0, n).Average(i => weights[i][i]),
            weights.Average(row => SoftmaxRow.Perplexity(row)),
            Mean((i, j) => category[i] == category[j]),
            Mean((i, j) => category[i] != category[j]),
            pairs.Where(p => category[p.i] == category[p.j]).Sum(p => weights[p.i][p.j]) / n);
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
