namespace LoraCollab.Federation.Trust;

/// <summary>Fills an N×N matrix from its upper triangle; pairs are computed side by side, each by one thread.</summary>
internal static class SymmetricMatrix
{
    /// <param name="size">N.</param>
    /// <param name="diagonal">Value of every (i, i).</param>
    /// <param name="pair">Value of (i, j) and (j, i), called with i &lt; j from any thread.</param>
    public static double[][] Build(int size, double diagonal, Func<int, int, double> pair)
    {
        var matrix = new double[size][];
        for (int i = 0; i < size; i++)
        {
            matrix[i] = new double[size];
            matrix[i][i] = diagonal;
        }
        var pairs = Enumerable.Range(0, size).SelectMany(i => Enumerable.Range(i + 1, size - i - 1).Select(j => (i, j))).ToArray();
        Parallel.ForEach(pairs, p => matrix[p.i][p.j] = matrix[p.j][p.i] = pair(p.i, p.j));
        return matrix;
    }
}
