namespace LoraCollab.Kernels.Tests;

/// <summary>
/// Every gradient of the reference against central differences of its forward pass, in double. The loss is Σ output·gradient with the case's own output
/// gradients, so that every element of every output takes part. Short operands are differentiated element by element, long ones along random directions.
/// </summary>
public sealed class CentralDifferenceTests
{
    private const double Tolerance = 1e-7, Step = 2e-5;
    private const int ElementByElement = 40, Directions = 4;

    public static TheoryData<string> Cases => [.. OpCases.Tiny.Where(c => Gradients(c).Any()).Select(c => c.Name)];

    [Theory, MemberData(nameof(Cases))]
    public void Backward_OfTheReference_IsTheDerivativeOfItsForward(string name)
    {
        var c = OpCases.Named(name);
        using var backend = new ReferenceBackend();
        using var bound = c.Bind(backend, dense: true);
        var old = Gradients(c).ToDictionary(pair => pair.Gradient, pair => OldValues(c, bound, pair.Gradient));
        foreach (var step in c.Steps) bound.Run(step);
        var gradients = old.ToDictionary(pair => pair.Key, pair => bound.Read(pair.Key).Zip(pair.Value, (now, before) => now - before).ToArray());

        foreach (var (operand, gradient) in Gradients(c))
        {
            bound.Reset();
            var at = bound.Read(operand);
            Assert.Equal(at.Length, gradients[gradient].Length);
            var directions = at.Length <= ElementByElement ? Axes(at.Length) : RandomDirections($"{name}/{operand}", at.Length);
            var numeric = directions.Select(direction => Derivative(c, bound, operand, at, direction)).ToArray();
            var analytic = directions.Select(direction => Dot(gradients[gradient], direction)).ToArray();
            Testing.Tolerance.AssertClose($"{name}: the gradient of {operand}", numeric, analytic, Tolerance);
        }
    }

    [Fact]
    public void Cases_OfEveryBackwardOp_AreDifferentiated()
    {
        var differentiated = OpCases.Tiny.Where(c => Gradients(c).Any())
            .SelectMany(c => c.Steps).Where(step => step.IsBackward).Select(step => step.Op).ToHashSet();
        var backward = typeof(ComputeBackend).GetMethods().Select(method => method.Name).Where(name => name.Contains("Backward", StringComparison.Ordinal));
        Assert.All(backward, op => Assert.Contains(op, differentiated));
        Assert.Contains(nameof(ComputeBackend.Classifier), differentiated);
    }

    /// <summary>The pairs whose operand and gradient the case does not leave out.</summary>
    private static IEnumerable<(string Operand, string Gradient)> Gradients(OpCase c) =>
        c.Gradients.Where(pair => Find(c, pair.Operand).Length > 0 && Find(c, pair.Gradient).Length > 0);

    private static Operand Find(OpCase c, string operand) => c.Operands.Single(o => o.Name == operand);

    private static double[] OldValues(OpCase c, BoundCase bound, string gradient) =>
        Find(c, gradient).Role == OperandRole.Updated ? bound.Read(gradient) : new double[Find(c, gradient).Length];

    private static List<double[]> Axes(int length) =>
        [.. Enumerable.Range(0, length).Select(i => Enumerable.Range(0, length).Select(j => i == j ? 1.0 : 0).ToArray())];

    private static List<double[]> RandomDirections(string stream, int length) =>
        [.. Enumerable.Range(0, Directions).Select(d => Testing.Tolerance.Widen(CaseValues.Normal($"{stream}/{d}", length)))];

    /// <summary>dL/dε of L(at + ε·direction) at 0: two central differences, extrapolated to fourth order in the step.</summary>
    private static double Derivative(OpCase c, BoundCase bound, string operand, double[] at, double[] direction) =>
        (4 * CentralDifference(c, bound, operand, at, direction, Step / 2) - CentralDifference(c, bound, operand, at, direction, Step)) / 3;

    private static double CentralDifference(OpCase c, BoundCase bound, string operand, double[] at, double[] direction, double step)
    {
        var above = Outputs(c, bound, operand, at, direction, step);
        var below = Outputs(c, bound, operand, at, direction, -step);
        double sum = 0;
        for (int i = 0; i < c.Loss.Count; i++)
        {
            var (_, gradient, constant) = c.Loss[i];
            var weight = gradient is null ? null : bound.Read(gradient);
            for (int e = 0; e < above[i].Length; e++) sum += (above[i][e] - below[i][e]) * (weight?[e] ?? constant);
        }
        return sum / (2 * step);
    }

    private static List<double[]> Outputs(OpCase c, BoundCase bound, string operand, double[] at, double[] direction, double step)
    {
        bound.Reset();
        bound.Write(operand, at.Zip(direction, (x, d) => x + step * d).ToArray());
        foreach (var forward in c.Steps.Where(s => !s.IsBackward)) bound.Run(forward);
        return [.. c.Loss.Select(term => bound.Read(term.Output))];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
