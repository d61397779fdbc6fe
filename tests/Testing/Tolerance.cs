namespace LoraCollab.Testing;

/// <summary>Compares arrays by the error relative to the expected tensor's norm, and says where they differ most.</summary>
public static class Tolerance
{
    /// <summary>‖actual − expected‖ / ‖expected‖, or ‖actual‖ where the expected norm is zero.</summary>
    public static double RelativeError(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double d = actual[i] - expected[i];
            difference += d * d;
            norm += expected[i] * expected[i];
        }
        return norm == 0 ? Math.Sqrt(difference) : Math.Sqrt(difference / norm);
    }

    /// <summary>
    /// Throws with the worst index, both values and the relative error where the tensors differ by more than <paramref name="tolerance"/> or anything is not
    /// finite.
    /// </summary>
    public static void AssertClose(string name, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        if (expected.Length != actual.Length)
            throw new InvalidOperationException($"{name}: expected {expected.Length} elements, found {actual.Length}");
        int worst = 0;
        double worstDifference = -1;
        for (int i = 0; i < expected.Length; i++)
        {
            double d = Math.Abs(actual[i] - expected[i]);
            if (double.IsNaN(d) || d > worstDifference) (worst, worstDifference) = (i, d);
            if (double.IsNaN(d)) break;
        }
        double error = RelativeError(expected, actual);
        if (!(error <= tolerance))
            throw new InvalidOperationException(
                $"{name}: relative error {error:E3} is over {tolerance:E1}; "
                + $"worst at [{worst}]: expected {expected[worst]:R}, actual {actual[worst]:R}");
    }

    public static void AssertClose(string name, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance) =>
        AssertClose(name, Widen(expected), Widen(actual), tolerance);

    public static double[] Widen(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (int i = 0; i < values.Length; i++) wide[i] = values[i];
        return wide;
    }
}
