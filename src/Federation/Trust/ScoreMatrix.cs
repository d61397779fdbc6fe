namespace LoraCollab.Federation.Trust;

/// <summary>Small N×N matrices of scores, as arrays of rows.</summary>
internal static class ScoreMatrix
{
    public static double[][] Fill(int size, Func<int, int, double> value)
    {
        var matrix = new double[size][];
        for (int i = 0; i < size; i++)
        {
            matrix[i] = new double[size];
            for (int j = 0; j < size; j++) matrix[i][j] = value(i, j);
        }
        return matrix;
    }

    /// <summary>The mean over all pairs i ≠ j; 0 for a single client.</summary>
    public static double MeanOffDiagonal(double[][] values)
    {
        int n = values.Length;
        double sum = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (i != j) sum += values[i][j];
        return n < 2 ? 0 : sum / ((double)n * (n - 1));
    }

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length == 0 ? 0 : sorted.Length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
    }
}

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
