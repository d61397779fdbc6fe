namespace LoraCollab.Engine.Generation;

/// <summary>Draws one token from a row of logits. The draw is a function of (seed, number of the token).</summary>
/// <param name="options">How to draw.</param>
/// <param name="vocabulary">Logits in a row.</param>
internal sealed class TokenSampler(GenerationOptions options, int vocabulary)
{
    private const uint Stream = 0x47656E21; // "Gen!": apart from every dropout site
    private readonly int[] _order = new int[vocabulary];
    private readonly float[] _keys = new float[vocabulary];
    private readonly double[] _weights = new double[vocabulary];

    public int Draw(ReadOnlySpan<float> logits, int number)
    {
        if (options.Temperature == 0) return Best(logits);
        int kept = Order(logits);
        double largest = logits[_order[0]], sum = 0;
        for (int i = 0; i < kept; i++) sum += _weights[i] = Math.Exp((logits[_order[i]] - largest) / options.Temperature);
        (kept, sum) = Nucleus(kept, sum);
        double point = (CounterNormals.Uniform(options.Seed, Stream, 0, number) + 1) / 2 * sum;
        int chosen = 0;
        while (chosen < kept - 1 && (point -= _weights[chosen]) >= 0) chosen++;
        return _order[chosen];
    }

    private static int Best(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int v = 1; v < logits.Length; v++)
            if (logits[v] > logits[best]) best = v;
        return best;
    }

    /// <summary>Sorts the tokens by falling logit, ties to the lower id; returns how many top-k keeps.</summary>
    private int Order(ReadOnlySpan<float> logits)
    {
        for (int v = 0; v < logits.Length; v++) (_order[v], _keys[v]) = (v, -logits[v]);
        Array.Sort(_keys, _order);
        for (int start = 0; start < _order.Length;)
        {
            int end = start + 1;
            while (end < _order.Length && _keys[end] == _keys[start]) end++;
            Array.Sort(_order, start, end - start);
            start = end;
        }
        return options.TopK == 0 ? logits.Length : Math.Min(options.TopK, logits.Length);
    }

    private (int Kept, double Sum) Nucleus(int kept, double sum)
    {
        if (options.TopP >= 1) return (kept, sum);
        double reached = 0;
        for (int i = 0; i < kept; i++)
        {
            reached += _weights[i];
            if (reached >= options.TopP * sum) return (i + 1, reached);
        }
        return (kept, sum);
    }
}
