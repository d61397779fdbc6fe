namespace LoraCollab.Kernels.GradientChecks;

/// <summary>
/// One tensor's gradient three ways: by the backend under test, by the same formulas in double, and, for a sample of the elements, by central differences in
/// double at the same float32 values. The first two are compared over the whole tensor, the last two over the sample.
/// </summary>
/// <param name="Op">The op, or the layer, that computes it.</param>
/// <param name="Place">The case or the model.</param>
/// <param name="Tensor">The operand or the parameter.</param>
/// <param name="Found">By the backend under test.</param>
/// <param name="Exact">In double.</param>
/// <param name="Sample">Which elements were differenced, ascending.</param>
/// <param name="Differences">Their difference quotients.</param>
public sealed record GradientCheck(string Op, string Place, string Tensor, double[] Found, double[] Exact, int[] Sample, double[] Differences)
{
    /// <summary>How far double may be from differences, relative to the norm of the sample.</summary>
    public const double DifferenceTolerance = 1e-7;

    /// <summary>Shape of the tensor; one number where it is only a row of numbers.</summary>
    public required int[] Shape { get; init; }

    /// <summary>How far the backend may be from double, relative to the norm of the tensor.</summary>
    public required double KernelTolerance { get; init; }

    /// <summary>Norm of what the gradient was added to: its rounding is in <see cref="Found"/> too.</summary>
    public double AddedTo { get; init; }

    /// <summary>‖found − exact‖ / (‖exact‖ + <see cref="AddedTo"/>).</summary>
    public double KernelError => Relative(Distance(Found, Exact), Norm(Exact) + AddedTo);

    /// <summary>
    /// ‖exact − difference‖ over the sample, relative to ‖difference‖ or to what so many elements of the whole tensor have, whichever is larger.
    /// </summary>
    public double DifferenceError =>
        Relative(Distance(Array.ConvertAll(Sample, i => Exact[i]), Differences), Math.Max(Norm(Differences), RootMeanSquare * Math.Sqrt(Sample.Length)));

    /// <summary>The larger of the two errors, each as a part of what it may be; over 1 the check has failed.</summary>
    public double Severity => Math.Max(OrInfinite(KernelError / KernelTolerance), OrInfinite(DifferenceError / DifferenceTolerance));

    public bool Passed => Severity <= 1;

    /// <summary>
    /// The <paramref name="count"/> elements of the largest error, the worst first; differences count where they disagree with double by more than they may.
    /// </summary>
    public IReadOnlyList<GradientElement> Worst(int count)
    {
        double rootMeanSquare = RootMeanSquare;
        var quotients = new Dictionary<int, double>(Sample.Zip(Differences, KeyValuePair.Create));
        var elements = new GradientElement[Exact.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            double? quotient = quotients.TryGetValue(i, out double d) ? d : null;
            double error = Math.Max(OrInfinite(Math.Abs(Found[i] - Exact[i])), quotient is { } q ? OrInfinite(Math.Abs(Exact[i] - q)) : 0);
            elements[i] = new GradientElement(i, Found[i], Exact[i], quotient, Relative(error, Math.Max(Math.Abs(Exact[i]), rootMeanSquare)));
        }
        return [.. elements.OrderByDescending(e => e.RelativeError).ThenBy(e => e.Index).Take(count)];
    }

    /// <summary>"3, 17" for element 3·C + 17 of a tensor of C columns.</summary>
    public string IndexText(int element)
    {
        var parts = new string[Shape.Length];
        for (int d = Shape.Length - 1; d >= 0; d--) (parts[d], element) = ($"{element % Shape[d]}", element / Shape[d]);
        return string.Join(", ", parts);
    }

    private double RootMeanSquare => Norm(Exact) / Math.Sqrt(Math.Max(Exact.Length, 1));

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));

    private static double Distance(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Sqrt(sum);
    }

    /// <summary>The error itself where there is nothing to measure it by.</summary>
    private static double Relative(double error, double norm) => norm == 0 ? error : error / norm;

    private static double OrInfinite(double error) => double.IsNaN(error) ? double.PositiveInfinity : error;
}

/// <summary>One element of a gradient, three ways.</summary>
/// <param name="Index">Place in the tensor, counted row by row.</param>
/// <param name="Found">As the backend under test computes it.</param>
/// <param name="Exact">By the same formulas in double.</param>
/// <param name="Difference">By central differences in double; null where the element was not sampled.</param>
/// <param name="RelativeError">The larger of |found − exact| and |exact − difference|, relative to |exact| or to the tensor's root mean square, whichever
/// is larger.</param>
public readonly record struct GradientElement(int Index, double Found, double Exact, double? Difference, double RelativeError);
