namespace LoraCollab.Engine.Diagnostics;

/// <summary>
/// Checks the gradients of a whole GPT-2, with every dropout on: of all its parameters, or of an adapter's. One batch of random tokens [B, T], of which every
/// second target does not count.
/// </summary>
public sealed class ModelGradients : IDisposable
{
    /// <summary>How far float32 may be from double, relative to the norm of a tensor.</summary>
    public const double Float32Tolerance = 1e-4;

    private static readonly DropoutRates Rates = new(0.2f, 0.3f, 0.25f, 0.1f);

    private readonly ReferenceBackend _reference = new();
    private readonly ModelSide _exact, _found;
    private readonly double[] _exactGradient, _foundGradient;
    private readonly string _name;
    private readonly double _spacing;
    private readonly ulong _seed;

    /// <param name="name">What the model is called.</param>
    /// <param name="weights">Its parameters.</param>
    /// <param name="backend">The backend under test.</param>
    /// <param name="lora">The form of a random adapter whose gradients are checked; null: the model's own.</param>
    /// <param name="spacing">Of the five-point differences, about a hundredth of the parameters' spread.</param>
    /// <param name="seed">Draws batch, dropout and adapter.</param>
    public ModelGradients(string name, IWeights weights, ComputeBackend backend, LoraOptions? lora, int batch, int length, double spacing, ulong seed)
    {
        (_name, _spacing, _seed) = (name, spacing, seed);
        var draw = new DropoutDraw(Rates, seed, Step: 3, Client: 2);
        int[] ids = Tokens(batch * length, weights.Config.Vocabulary, 0), targets = Tokens(batch * length, weights.Config.Vocabulary, 1);
        for (int i = 0; i < targets.Length; i += 2) targets[i] = -1;
        _exact = new ModelSide(_reference, weights, lora, ids, targets, batch, draw);
        _found = new ModelSide(backend, weights, lora, ids, targets, batch, draw);
        _exactGradient = _exact.Gradient();
        _foundGradient = _found.Gradient();
    }

    /// <summary>All tensors that have a gradient.</summary>
    public IReadOnlyList<FlatLayout.Entry> Tensors => _exact.Layout.Entries;

    /// <summary>One tensor's gradient three ways.</summary>
    /// <param name="entry">One of <see cref="Tensors"/>.</param>
    /// <param name="elements">Most elements that are differenced.</param>
    public GradientCheck Check(FlatLayout.Entry entry, int elements)
    {
        int from = checked((int)entry.Offset);
        double[] exact = Of(_exactGradient, entry), found = Of(_foundGradient, entry);
        int[] sample = ElementSample.Of(found, exact, elements, _seed);
        return new GradientCheck(LayerOf(entry.Name), _name, entry.Name.Replace(LoraLayout.Prefix, ""), found, exact, sample,
            Array.ConvertAll(sample, i => CentralDifference.FivePoint(_exact.Rise, from + i, _spacing)))
        {
            Shape = entry.Shape,
            KernelTolerance = Float32Tolerance,
        };
    }

    /// <summary>The error of plain central differences for every step size, at the largest elements of some tensors together.</summary>
    public StepSweep Sweep(string name, IReadOnlyList<FlatLayout.Entry> tensors, int elements)
    {
        int[] sample = [.. tensors.SelectMany(t => Enumerable.Range(checked((int)t.Offset), checked((int)t.Length)))
            .OrderByDescending(i => Math.Abs(_exactGradient[i])).Take(elements)];
        return StepSweep.Of(name, Array.ConvertAll(sample, i => _exactGradient[i]), sample, _exact.Rise,
            _found.Backend.Kind == BackendKind.Reference ? null : _found.Rise);
    }

    /// <summary>What <see cref="LayerOf"/> answers.</summary>
    public static IReadOnlyList<string> Layers { get; } = ["embedding", "norm", "attention", "mlp", "adapter"];

    /// <summary>"attention" for h.0.attn.c_attn.weight; the classifier counts as embedding, whose table it shares.</summary>
    public static string LayerOf(string tensor) => tensor switch
    {
        _ when LoraLayout.IsA(tensor) || LoraLayout.IsB(tensor) => "adapter",
        _ when tensor.Contains(".attn.", StringComparison.Ordinal) => "attention",
        _ when tensor.Contains(".mlp.", StringComparison.Ordinal) => "mlp",
        _ when tensor.Contains("ln_", StringComparison.Ordinal) => "norm",
        _ => "embedding",
    };

    public void Dispose()
    {
        _exact.Dispose();
        _found.Dispose();
        _reference.Dispose();
    }

    private int[] Tokens(int count, int vocabulary, uint stream) =>
        [.. Enumerable.Range(0, count).Select(i => (int)(Philox.Words((uint)i, stream, 0, 0, (uint)_seed, (uint)(_seed >> 32)).X0 % (uint)vocabulary))];

    private static double[] Of(double[] flat, FlatLayout.Entry entry) => flat[checked((int)entry.Offset)..checked((int)(entry.Offset + entry.Length))];
}
