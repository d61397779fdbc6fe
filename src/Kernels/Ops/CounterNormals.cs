namespace LoraCollab.Kernels.Ops;

/// <summary>
/// Random numbers as pure functions of (seed, stream, index), from Philox. Only + − × ÷ and √ are used, so that the same bits come out on every machine.
/// </summary>
public static class CounterNormals
{
    /// <summary>Uniform in (−1, 1): element <paramref name="index"/> of a stream named by two counters.</summary>
    public static double Uniform(ulong seed, uint stream, uint client, long index)
    {
        var words = Philox.Words((uint)(index >> 2), (uint)(index >> 34), client, stream, (uint)seed, (uint)(seed >> 32));
        uint word = (index & 3) switch { 0 => words.X0, 1 => words.X1, 2 => words.X2, _ => words.X3 };
        return Symmetric(word);
    }

    /// <summary>Two independent standard normals by Marsaglia's polar method: pair <paramref name="index"/> of a stream.</summary>
    public static (double First, double Second) Pair(ulong seed, uint stream, long index)
    {
        for (uint attempt = 0; ; attempt++)
        {
            var words = Philox.Words((uint)index, (uint)(index >> 32), attempt, stream, (uint)seed, (uint)(seed >> 32));
            if (Polar(words.X0, words.X1) is { } pair) return pair;
            if (Polar(words.X2, words.X3) is { } second) return second;
        }
    }

    private static (double, double)? Polar(uint a, uint b)
    {
        double u = Symmetric(a), v = Symmetric(b), s = u * u + v * v;
        if (s >= 1) return null;
        double factor = Math.Sqrt(-2 * Log(s) / s);
        return (u * factor, v * factor);
    }

    // The middle of one of 2³² equal cells of (−1, 1): never zero.
    private static double Symmetric(uint word) => (word + 0.5) / 2147483648.0 - 1;

    /// <summary>Natural logarithm from the mantissa's series 2·artanh((m − 1)/(m + 1)), |argument| ≤ 0.172.</summary>
    internal static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (m > 1.4142135623730951) (m, exponent) = (m / 2, exponent + 1);
        double s = (m - 1) / (m + 1), square = s * s, sum = 0;
        for (int k = 21; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
        return exponent * 0.6931471805599453 + 2 * s * sum;
    }
}
