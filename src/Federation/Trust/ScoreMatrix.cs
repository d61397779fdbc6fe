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
