namespace LoraCollab.Report.Statistics;

/// <summary>Student's t distribution with a whole number of degrees of freedom, by its finite sums (Abramowitz and Stegun, 26.7.3 and 26.7.4).</summary>
public static class StudentT
{
    /// <summary>P(|T| ≤ t): the share within t of zero; NaN for NaN.</summary>
    public static double Within(double t, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        double angle = Math.Atan(Math.Abs(t) / Math.Sqrt(degrees)), cos = Math.Cos(angle), square = cos * cos;
        // Even: sin θ (1 + ½cos²θ + (1·3)/(2·4) cos⁴θ + …); odd: 2/π (θ + sin θ (cos θ + ⅔cos³θ + …)).
        bool odd = degrees % 2 == 1;
        double term = odd ? cos : 1, sum = 0;
        for (int k = odd ? 3 : 2; k <= degrees; k += 2)
        {
            sum += term;
            term *= square * (k - 1) / k;
        }
        return odd ? 2 / Math.PI * (angle + Math.Sin(angle) * sum) : Math.Sin(angle) * sum;
    }

    /// <summary>The t within which a share of the distribution lies: for 0.95 and 4 degrees 2.776.</summary>
    public static double Quantile(double within, int degrees)
    {
        if (!(within is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(within), within, "expected a share of at least 0 and below 1");
        double low = 0, high = 1;
        while (Within(high, degrees) < within) high *= 2;
        for (int step = 0; step < 200 && low < high; step++)
        {
            double middle = (low + high) / 2;
            if (middle == low || middle == high) break;
            if (Within(middle, degrees) < within) low = middle;
            else high = middle;
        }
        return high;
    }
}

/// <summary>A mean and the 95 % interval around it by Student's t, for the clients of one run: it speaks of other clients, not of other seeds.</summary>
/// <param name="Mean">Of the values.</param>
/// <param name="HalfWidth">The interval is the mean ± this; null for fewer than two values.</param>
public sealed record MeanInterval(double Mean, double? HalfWidth)
{
    public static MeanInterval Of(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        if (values.Count < 2) return new MeanInterval(mean, null);
        double variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
        return new MeanInterval(mean, StudentT.Quantile(0.95, values.Count - 1) * Math.Sqrt(variance / values.Count));
    }
}
