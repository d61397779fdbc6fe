namespace LoraCollab.Kernels.GradientChecks;

/// <summary>Checks the gradients of single ops, on the operands of their cases.</summary>
public static class OpGradients
{
    /// <summary>Spacing of the five-point differences.</summary>
    private const double Spacing = 1e-5;

    /// <summary>Names of all ops with a gradient, as observers see them: <c>attention_backward</c>.</summary>
    public static IReadOnlyList<string> Ops { get; } = [.. Cases(CaseSize.Tiny).SelectMany(c => c.Steps).Where(s => s.IsBackward).Select(NameOf).Distinct()];

    /// <summary>All cases of a size that have gradients.</summary>
    public static IEnumerable<OpCase> Cases(CaseSize size) => OpCases.All.Where(c => c.Size == size && Pairs(c).Any());

    /// <summary>Every gradient of one case.</summary>
    /// <param name="c">Operands, steps and loss.</param>
    /// <param name="backend">The backend under test.</param>
    /// <param name="elements">Most elements of a tensor that are differenced.</param>
    /// <param name="seed">Draws them.</param>
    public static IEnumerable<GradientCheck> Check(OpCase c, ComputeBackend backend, int elements, ulong seed) =>
        Check(c, backend, () => new ReferenceBackend(), elements, seed);

    /// <summary>The same with other formulas in double, so that a test can plant a fault in them.</summary>
    internal static IEnumerable<GradientCheck> Check(OpCase c, ComputeBackend backend, Func<ReferenceBackend> formulas, int elements, ulong seed)
    {
        using var reference = formulas();
        var exact = Gradients(c, reference, out var ops);
        var found = Gradients(c, backend, out _);
        foreach (var (operand, gradient) in Pairs(c))
        {
            var (values, addedTo) = exact[gradient];
            int[] sample = ElementSample.Of(found[gradient].Values, values, elements, seed);
            using var loss = new CaseLoss(c, reference, operand);
            yield return new GradientCheck(ops[gradient], c.Name, operand, found[gradient].Values, values, sample,
                Array.ConvertAll(sample, i => CentralDifference.FivePoint(loss.Rise, i, Spacing)))
            {
                Shape = Find(c, operand) is WeightOperand w ? w.Transposed ? [w.OC, w.IC] : [w.IC, w.OC] : [values.Length],
                KernelTolerance = c.Tolerance,
                AddedTo = addedTo,
            };
        }
    }

    /// <summary>
    /// What the plain central difference is off by, for steps from 1e-1 to 1e-10, in double and, on another backend, through its own forward pass.
    /// </summary>
    public static StepSweep Sweep(OpCase c, string operand, ComputeBackend backend, int elements, ulong seed)
    {
        using var reference = new ReferenceBackend();
        string gradient = Pairs(c).First(p => p.Operand == operand).Gradient;
        double[] exact = Gradients(c, reference, out var ops)[gradient].Values;
        int[] sample = ElementSample.Of(exact, exact, elements, seed);
        using var loss = new CaseLoss(c, reference, operand);
        using var own = backend.Kind == BackendKind.Reference ? null : new CaseLoss(c, backend, operand);
        string name = $"{ops[gradient]}, {operand} in {c.Name}";
        return StepSweep.Of(name, Array.ConvertAll(sample, i => exact[i]), sample, loss.Rise, own is null ? null : own.Rise);
    }

    /// <summary>What each op's name is in tables: <c>AttentionBackward</c> → <c>attention_backward</c>.</summary>
    public static string NameOf(OpStep step) => step switch
    {
        { Op: nameof(ComputeBackend.Classifier), IsBackward: true } => "classifier_backward",
        _ => step.Op.Replace("Backward", "_backward_", StringComparison.Ordinal).TrimEnd('_').ToLowerInvariant(),
    };

    /// <summary>What the backward steps left in each gradient, less what was there before, and which op did.</summary>
    private static Dictionary<string, (double[] Values, double AddedTo)> Gradients(OpCase c, ComputeBackend backend, out Dictionary<string, string> ops)
    {
        using var bound = c.Bind(backend);
        string[] names = [.. Pairs(c).Select(p => p.Gradient)];
        var before = names.ToDictionary(n => n, n => Find(c, n).Role == OperandRole.Updated ? bound.Read(n) : new double[Find(c, n).Length]);
        ops = names.ToDictionary(n => n, _ => NameOf(c.Steps.Last(s => s.IsBackward)));
        foreach (var step in c.Steps)
        {
            var last = step.IsBackward ? names.ToDictionary(n => n, bound.Read) : [];
            bound.Run(step);
            foreach (var (name, values) in last)
                if (!values.AsSpan().SequenceEqual(bound.Read(name))) ops[name] = NameOf(step);
        }
        return names.ToDictionary(n => n, n => (bound.Read(n).Zip(before[n], (now, then) => now - then).ToArray(), Math.Sqrt(before[n].Sum(v => v * v))));
    }

    /// <summary>The pairs whose operand and gradient the case does not leave out.</summary>
    private static IEnumerable<(string Operand, string Gradient)> Pairs(OpCase c) =>
        c.Gradients.Where(pair => Find(c, pair.Operand).Length > 0 && Find(c, pair.Gradient).Length > 0);

    private static Operand Find(OpCase c, string operand) => c.Operands.Single(o => o.Name == operand);
}
