namespace LoraCollab.Federation;

/// <summary>Predictions with the ids of every position in ascending order, so that two clients' supports merge in one walk.</summary>
internal sealed class SortedPredictions
{
    private readonly double[] _rest;

    public SortedPredictions(TopPredictions predictions)
    {
        (K, Vocabulary, Positions) = (predictions.K, predictions.Vocabulary, predictions.Positions);
        Ids = (int[])predictions.Ids.Clone();
        Values = Array.ConvertAll(predictions.Values, v => (double)v);
        _rest = new double[Positions];
        for (int position = 0; position < Positions; position++)
        {
            var values = Values.AsSpan(position * K, K);
            double sum = 0;
            foreach (double v in values) sum += v;
            _rest[position] = K == Vocabulary ? 0 : Math.Max(0, 1 - sum) / (Vocabulary - K);
            Ids.AsSpan(position * K, K).Sort(values);
        }
    }

    public int K { get; }

    public int Vocabulary { get; }

    public int Positions { get; }

    /// <summary>[P, k], ascending within a position.</summary>
    public int[] Ids { get; }

    /// <summary>[P, k], in the order of <see cref="Ids"/>.</summary>
    public double[] Values { get; }

    /// <summary>The probability each token outside the k has at a position.</summary>
    public double Rest(int position) => _rest[position];
}
