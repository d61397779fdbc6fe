namespace LoraCollab.Federation.Strategies;

/// <summary>Predictions with the ids of every position in ascending order, so that two clients' supports merge in one walk.</summary>
internal sealed class SortedPredictions
{
    private readonly double[] _rest;

    public SortedPredictions(TopPredictions predictions)
    {
        (K, Vocabulary, Positions) = (predictions.K, predictions.Vocabulary, predictions.Positions);
        Ids = new int[predictions.Ids.Length];
        Values = new double[Ids.Length];
        _rest = new double[Positions];
        // Id and value in one number sort in half the time of two arrays.
        Span<ulong> pairs = new ulong[K];
        for (int position = 0; position < Positions; position++)
        {
            int first = position * K;
            double sum = 0;
            for (int e = 0; e < K; e++)
            {
                float value = predictions.Values[first + e];
                sum += value;
                pairs[e] = (ulong)(uint)predictions.Ids[first + e] << 32 | BitConverter.SingleToUInt32Bits(value);
            }
            _rest[position] = K == Vocabulary ? 0 : Math.Max(0, 1 - sum) / (Vocabulary - K);
            pairs.Sort();
            for (int e = 0; e < K; e++)
            {
                Ids[first + e] = (int)(pairs[e] >> 32);
                Values[first + e] = BitConverter.UInt32BitsToSingle((uint)pairs[e]);
            }
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
