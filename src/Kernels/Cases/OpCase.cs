namespace LoraCollab.Kernels.Cases;

/// <summary>
/// One shape of one op family: operands with seeded values, and the forward and backward calls on them. The same case compares a backend with the reference,
/// the reference with central differences, one number of threads with another, and is what the benchmarks time.
/// </summary>
public sealed class OpCase(string name, double tolerance, CaseSize size = CaseSize.Tiny)
{
    private readonly List<Operand> _operands = [];
    private readonly List<OpStep> _steps = [];
    private readonly List<(string Output, string? Gradient, double Constant)> _loss = [];
    private readonly List<(string Operand, string Gradient)> _gradients = [];

    /// <summary>Family, shape and options: unique.</summary>
    public string Name { get; } = name;

    /// <summary>The largest error of a float32 backend relative to the norm of an output.</summary>
    public double Tolerance { get; } = tolerance;

    public CaseSize Size { get; } = size;

    public IReadOnlyList<Operand> Operands => _operands;

    public IReadOnlyList<OpStep> Steps => _steps;

    /// <summary>The scalar that gradients are of: Σ output·gradient over these pairs, or Σ output·constant where no gradient is named.</summary>
    public IReadOnlyList<(string Output, string? Gradient, double Constant)> Loss => _loss;

    /// <summary>Which operand holds the loss's gradient for which.</summary>
    public IReadOnlyList<(string Operand, string Gradient)> Gradients => _gradients;

    /// <summary>Names of the ops that the case calls.</summary>
    public IEnumerable<string> Ops => _steps.Select(step => step.Op).Distinct();

    public override string ToString() => Name;

    // ---- saying what the case is ----

    /// <summary>Real numbers that are only read. A length of zero stands for an optional argument that is left out, here and below.</summary>
    public OpCase Input(string name, int length, double scale = 1, double center = 0) => Reals(name, OperandRole.Input, length, scale, center);

    /// <inheritdoc cref="Input(string, int, double, double)"/>
    public OpCase Input(string name, int length, Func<float[]> values) => Add(new RealOperand(name, OperandRole.Input, length, values));

    public OpCase Output(string name, int length) => Reals(name, OperandRole.Output, length, 0, 0);

    public OpCase Updated(string name, int length, double scale = 1, double center = 0) => Reals(name, OperandRole.Updated, length, scale, center);

    /// <inheritdoc cref="Updated(string, int, double, double)"/>
    public OpCase Updated(string name, int length, Func<float[]> values) => Add(new RealOperand(name, OperandRole.Updated, length, values));

    public OpCase Scratch(string name, int length) => Reals(name, OperandRole.Scratch, length, 0, 0);

    public OpCase Ids(string name, int[] ids) => Add(new IdOperand(name, OperandRole.Input, ids.Length, () => ids));

    public OpCase OutputIds(string name, int length) => Add(new IdOperand(name, OperandRole.Output, length, () => new int[length]));

    /// <summary>A weight with values of deviation 1/√IC, so that outputs are about as large as inputs.</summary>
    public OpCase Weight(string name, int ic, int oc, MatrixForm form, Func<float[]>? values = null) =>
        Add(new WeightOperand(name, ic, oc, form, values ?? (() => CaseValues.Normal($"{Name}/{name}", ic * oc, 1 / Math.Sqrt(ic)))));

    public OpCase Forward(string op, Action<ComputeBackend, BoundCase> run) => Add(new OpStep(op, false, run));

    public OpCase Backward(string op, Action<ComputeBackend, BoundCase> run) => Add(new OpStep(op, true, run));

    /// <summary>The loss has the term Σ output·gradient.</summary>
    public OpCase LossOf(string output, string gradient)
    {
        _loss.Add((output, gradient, 0));
        return this;
    }

    /// <summary>The loss has the term constant·Σ output.</summary>
    public OpCase LossOf(string output, double constant)
    {
        _loss.Add((output, null, constant));
        return this;
    }

    /// <summary>
    /// The backward steps leave the loss's gradient for <paramref name="operand"/> in <paramref name="gradient"/>, or add it there; null where it lies
    /// otherwise.
    /// </summary>
    public OpCase Gradient(string operand, string? gradient)
    {
        if (gradient is not null) _gradients.Add((operand, gradient));
        return this;
    }

    private OpCase Reals(string name, OperandRole role, int length, double scale, double center) =>
        Add(new RealOperand(name, role, length, () => CaseValues.Normal($"{Name}/{name}", length, scale, center)));

    private OpCase Add(Operand operand)
    {
        _operands.Add(operand);
        return this;
    }

    private OpCase Add(OpStep step)
    {
        _steps.Add(step);
        return this;
    }

    // ---- running it ----

    /// <summary>Puts the operands into the backend's memory, between guard words. Destinations and guards hold <paramref name="garbage"/>.</summary>
    /// <param name="backend">Whose memory.</param>
    /// <param name="garbage">What destinations and guards hold: NaN shows what is read from there, a number what is written.</param>
    /// <param name="dense">Packed weights are bound as views, so that they can be written.</param>
    public BoundCase Bind(ComputeBackend backend, float garbage = float.NaN, bool dense = false) => new(this, backend, garbage, dense);

    /// <summary>Runs all steps and returns every output and updated operand. The order is the order of declaration.</summary>
    public IReadOnlyDictionary<string, double[]> Run(ComputeBackend backend, float garbage = float.NaN)
    {
        using var bound = Bind(backend, garbage);
        foreach (var step in Steps) bound.Run(step);
        bound.RequireUntouched();
        return Operands.Where(operand => operand.Role is OperandRole.Output or OperandRole.Updated)
            .ToDictionary(operand => operand.Name, operand => bound.Read(operand.Name));
    }

    /// <summary>
    /// Compares the backend with the reference: once with NaN and once with a number in destinations and around every operand. Nothing may depend on the
    /// garbage, no guard word and no input may change, and every output must be within <see cref="Tolerance"/> of the reference's.
    /// </summary>
    /// <exception cref="CaseFailedException">Names the case, the operand, the worst element, what was expected and what was found.</exception>
    public void Check(ComputeBackend backend)
    {
        using var reference = new Reference.ReferenceBackend();
        var expected = Run(reference);
        var actual = Run(backend, float.NaN);
        var again = Run(backend, 12345.5f);
        foreach (var (operand, values) in expected)
        {
            bool exact = Operands.Any(o => o.Name == operand && o is IdOperand);
            Closeness.Require($"{Name}: {operand}", values, actual[operand], exact ? 0 : Tolerance);
            Closeness.RequireSameBits($"{Name}: {operand}, with other garbage in destinations and guards", actual[operand], again[operand]);
        }
    }
}

/// <summary>What a case is for.</summary>
public enum CaseSize
{
    /// <summary>Small and odd: correctness on every backend, ILGPU's simulator included, and gradients against central differences.</summary>
    Tiny,

    /// <summary>Odd and wide enough for several tiles, chunks and threads: correctness and determinism on everything but the simulator.</summary>
    Spanning,

    /// <summary>The shapes of GPT-2 124M: for benchmarks alone.</summary>
    Large,
}

/// <summary>One call of one op on the operands of a case.</summary>
/// <param name="Op">Name of the method of <see cref="ComputeBackend"/>.</param>
/// <param name="IsBackward">True for a step that computes gradients of the forward steps before it.</param>
/// <param name="Run">The call.</param>
public sealed record OpStep(string Op, bool IsBackward, Action<ComputeBackend, BoundCase> Run);
