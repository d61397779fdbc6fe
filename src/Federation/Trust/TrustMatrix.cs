namespace LoraCollab.Federation.Trust;

/// <summary>
/// W, N×N: w_ij is how much client i trusts client j. Every row is finite, non-negative and sums to 1; nothing else leaves this class.
/// Scores become weights here alone: topology, then threshold, then top-k, then softmax.
/// </summary>
public sealed class TrustMatrix
{
    private const double SumTolerance = 1e-12;

    private readonly double[][] _weights;

    private TrustMatrix(double[][] weights, bool[] dropsSelf, double[]? temperatures) =>
        (_weights, DropsSelf, Temperatures) = (weights, dropsSelf, temperatures);

    public int Clients => _weights.Length;

    public double this[int i, int j] => _weights[i][j];

    /// <summary>How client i weighs everyone.</summary>
    public ReadOnlySpan<double> Row(int i) => _weights[i];

    /// <summary>The first client whose row is that of client i.</summary>
    public int FirstAlike(int i) => Array.FindIndex(_weights, row => row.AsSpan().SequenceEqual(_weights[i]));

    /// <summary>[N]: true where threshold or top-k left a client's own adapter out of its mix.</summary>
    public IReadOnlyList<bool> DropsSelf { get; }

    /// <summary>[N]: τ of every row's softmax; null where the weights do not come from a softmax.</summary>
    public IReadOnlyList<double>? Temperatures { get; }

    /// <summary>A copy, [N][N].</summary>
    public double[][] ToArray() => Array.ConvertAll(_weights, row => (double[])row.Clone());

    /// <summary>Takes weights as they are.</summary>
    /// <param name="sumsToOne">False: the sum of a row may be anything.</param>
    /// <exception cref="InvalidOperationException">A row is not finite, not non-negative or does not sum to 1.</exception>
    public static TrustMatrix FromWeights(double[][] weights, bool sumsToOne = true)
    {
        RequireRows(weights, sumsToOne);
        return new TrustMatrix(weights, new bool[weights.Length], null);
    }

    /// <summary>From scores to weights.</summary>
    /// <exception cref="InvalidOperationException">A score is not finite, or a row cannot be normalised.</exception>
    public static TrustMatrix From(TrustScores scores, TrustRule rule)
    {
        RequireScores(scores.Values, rule.Topology);
        bool everyone = scores.Normalisation == TrustNormalisation.Verbatim && rule.Topology.Name == "full";
        var matrix = everyone ? new TrustMatrix(Copy(scores.Values), new bool[scores.Values.Length], null)
            : scores.Normalisation == TrustNormalisation.Softmax ? Softmax(scores.Values, rule)
            : Proportional(scores.Values, rule.Topology);
        RequireRows(matrix._weights, sumsToOne: !everyone);
        return matrix;
    }

    private static TrustMatrix Softmax(double[][] scores, TrustRule rule)
    {
        int n = scores.Length;
        var weights = new double[n][];
        var dropsSelf = new bool[n];
        var temperatures = new double[n];
        for (int i = 0; i < n; i++)
        {
            int[] takesPart = Participants(scores[i], i, rule);
            double[] kept = Array.ConvertAll(takesPart, j => scores[i][j]);
            temperatures[i] = rule.EffectiveNeighbours is { } kappa ? EffectiveNeighbours.Temperature(kept, kappa) : rule.Temperature;
            double[] shares = SoftmaxRow.Of(kept, temperatures[i]);
            weights[i] = new double[n];
            for (int k = 0; k < takesPart.Length; k++) weights[i][takesPart[k]] = shares[k];
            dropsSelf[i] = !takesPart.Contains(i);
        }
        return new TrustMatrix(weights, dropsSelf, temperatures);
    }

    /// <summary>Who takes part in row i, ascending. Among equal scores oneself comes first, then the lower index.</summary>
    private static int[] Participants(double[] row, int i, TrustRule rule)
    {
        var ranked = Enumerable.Range(0, row.Length).Where(j => rule.Topology.Links(i, j))
            .OrderByDescending(j => row[j]).ThenByDescending(j => j == i).ThenBy(j => j).ToArray();
        int count = ranked.Length;
        if (rule.Threshold is { } threshold) count = Math.Max(ranked.Count(j => row[j] > threshold), Math.Min(2, count));
        if (rule.Neighbours is { } k) count = Math.Min(count, k);
        var participants = ranked[..count];
        Array.Sort(participants);
        return participants;
    }

    private static TrustMatrix Proportional(double[][] scores, Topology topology)
    {
        int n = scores.Length;
        var weights = new double[n][];
        for (int i = 0; i < n; i++)
        {
            weights[i] = new double[n];
            double sum = 0;
            for (int j = 0; j < n; j++)
                if (topology.Links(i, j)) sum += scores[i][j];
            for (int j = 0; j < n; j++)
                if (topology.Links(i, j)) weights[i][j] = sum > 0 ? scores[i][j] / sum : i == j ? 1 : 0;
        }
        return new TrustMatrix(weights, new bool[n], null);
    }

    private static void RequireScores(double[][] scores, Topology topology)
    {
        if (scores.Length != topology.Clients) throw new InvalidOperationException($"scores of {scores.Length} clients under a topology of {topology.Clients}");
        for (int i = 0; i < scores.Length; i++)
            for (int j = 0; j < scores.Length; j++)
                if (topology.Links(i, j) && !double.IsFinite(scores[i][j]))
                    throw new InvalidOperationException($"the score of client {j} for client {i} is {scores[i][j]}: no weight can be given to it");
    }

    private static void RequireRows(double[][] weights, bool sumsToOne)
    {
        if (Fault(weights, sumsToOne) is { } fault) throw new InvalidOperationException($"trust matrix: {fault}");
    }

    /// <summary>What keeps numbers from being weights; null where nothing does.</summary>
    internal static string? Fault(double[][] weights, bool sumsToOne)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i].Length != weights.Length) return $"row {i} of {weights.Length} clients has {weights[i].Length} weights";
            if (!weights[i].All(w => double.IsFinite(w) && w >= 0))
                return $"row {i} has a weight that is negative or not finite: {string.Join(", ", weights[i])}";
            if (sumsToOne && Math.Abs(weights[i].Sum() - 1) > SumTolerance)
                return FormattableString.Invariant($"row {i} sums to {weights[i].Sum():R} instead of 1");
        }
        return null;
    }

    private static double[][] Copy(double[][] values) => Array.ConvertAll(values, row => (double[])row.Clone());
}
