namespace LoraCollab.Kernels.Cases;

/// <summary>How results are compared: by the error relative to the expected tensor's norm, or bit by bit.</summary>
public static class Closeness
{
    /// <exception cref="CaseFailedException">‖actual − expected‖ is over tolerance·‖expected‖, or something is not a number.</exception>
    public static void Require(string what, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        double difference = 0, norm = 0, largest = -1;
        int worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double d = Math.Abs(actual[i] - expected[i]);
            if (actual[i] == expected[i]) d = 0; // infinities too
            if (!(d <= largest)) (worst, largest) = (i, d);
            difference += d * d;
            norm += expected[i] * expected[i];
            if (double.IsNaN(d)) break;
        }
        if (!(Math.Sqrt(difference) <= tolerance * Math.Sqrt(norm)))
            throw new CaseFailedException($"{what}: relative error {Math.Sqrt(difference / norm):E2} is over {tolerance:E1}; " +
                $"worst at [{worst}] of {expected.Length}: expected {expected[worst]:R}, found {actual[worst]:R}");
    }

    /// <exception cref="CaseFailedException">Some element differs in any bit.</exception>
    public static void RequireSameBits(string what, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        for (int i = 0; i < expected.Length; i++)
            if (BitConverter.DoubleToInt64Bits(expected[i]) != BitConverter.DoubleToInt64Bits(actual[i]))
                throw new CaseFailedException($"{what}: other bits at [{i}] of {expected.Length}: {expected[i]:R} and {actual[i]:R}");
    }
}

/// <summary>A backend did not do what a case says.</summary>
public sealed class CaseFailedException(string message) : Exception(message);
