namespace LoraCollab.Report;

/// <summary>The exponent p of y ≈ c·xᵖ: the slope in a picture with two logarithmic axes. 1: twice the size, twice the cost.</summary>
public static class LogSlope
{
    /// <summary>Between two points; NaN where it is not defined.</summary>
    public static double Between((double X, double Y) a, (double X, double Y) b) => Over([a, b]);

    /// <summary>The line of least squares through the logarithms of all points; NaN for fewer than two different x.</summary>
    public static double Over(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < 2) return double.NaN;
        double x = points.Average(p => Math.Log(p.X)), y = points.Average(p => Math.Log(p.Y));
        double products = points.Sum(p => (Math.Log(p.X) - x) * (Math.Log(p.Y) - y)), squares = points.Sum(p => (Math.Log(p.X) - x) * (Math.Log(p.X) - x));
        return squares > 0 ? products / squares : double.NaN;
    }
}
