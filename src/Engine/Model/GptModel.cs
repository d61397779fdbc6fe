using System.Runtime.InteropServices;

namespace LoraCollab.Engine.Model;

/// <summary>
/// GPT-2's parameters on a backend. Frozen: every matrix is packed once, no gradient exists, and nothing ever writes to it; several lanes and adapters
/// share it. Trainable: one flat buffer in the order of <see cref="GptConfig.Layout"/> and one gradient of the same shape.
/// </summary>
public sealed class GptModel : IWeights, IDisposable
{
    private readonly List<Matrix> _owned = [];
    private readonly FlatLayout _vectors;
    private readonly View _values;

    private GptModel(ComputeBackend backend, IWeights weights, bool trainable)
    {
        (Backend, Config, Trainable, Layout) = (backend, weights.Config, trainable, weights.Config.Layout());
        _vectors = trainable ? Layout : VectorsOf(Layout);
        _values = backend.Allocate(trainable ? "parameters" : "vectors", _vectors.Length);
        if (trainable) Gradient = backend.Allocate("gradient", Layout.Length);
        var matrices = Layout.Entries.Where(IsMatrix).ToDictionary(e => e.Name, e => Load(e, weights)!);
        foreach (var entry in Layout.Entries.Where(e => !IsMatrix(e))) Load(entry, weights);

        TokenTable = matrices["wte.weight"];
        Head = Config.TiedHead ? TokenTable : matrices["lm_head.weight"];
        Positions = _vectors.Of(_values, "wpe.weight");
        FinalNorm = NormOf("ln_f");
        Blocks = [.. Enumerable.Range(0, Config.Layers).Select(l => new Block(l, NormOf($"h.{l}.ln_1"), NormOf($"h.{l}.ln_2"),
            [.. Projections.All.Select(p => LinearOf(p.NameIn(l), matrices))]))];
    }

    /// <summary>A base that is never written: what adapters are trained on.</summary>
    public static GptModel Frozen(ComputeBackend backend, IWeights weights) => new(backend, weights, trainable: false);

    /// <summary>A model whose every parameter has a gradient.</summary>
    public static GptModel ForTraining(ComputeBackend backend, IWeights weights) => new(backend, weights, trainable: true);

    public ComputeBackend Backend { get; }
    public GptConfig Config { get; }
    public bool Trainable { get; }

    /// <summary>Names and shapes of all parameters.</summary>
    public FlatLayout Layout { get; }

    /// <summary>All parameters where trainable, else empty.</summary>
    public View Parameters => Trainable ? _values : default;

    /// <summary>The gradient of <see cref="Parameters"/>, else empty.</summary>
    public View Gradient { get; }

    /// <summary>wteᵀ as the classifier's matrix [C, V].</summary>
    public Matrix TokenTable { get; }

    /// <summary>The classifier [C, V]: the token table itself where the head is tied.</summary>
    public Matrix Head { get; }

    /// <summary>wpe [context, C].</summary>
    public View Positions { get; }

    public Norm FinalNorm { get; }
    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>The gradient of the named parameter, empty where frozen.</summary>
    public View GradientOf(string name) => Trainable ? Layout.Of(Gradient, name) : default;

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination)
    {
        if (_vectors.Contains(name)) Backend.Download(destination, _vectors.Of(_values, name));
        else Backend.Unpack(destination, _owned.First(m => m.Name == name), HasTokenRows(name));
    }

    public void Dispose()
    {
        foreach (var matrix in _owned) matrix.Dispose();
        _values.Buffer.Dispose();
        if (Trainable) Gradient.Buffer.Dispose();
    }

    // The token tables are stored [V, C], every other matrix [in, out].
    internal static bool HasTokenRows(string name) => name is "wte.weight" or "lm_head.weight";

    // The position table is only ever added row by row: no product reads it.
    internal static bool IsMatrix(FlatLayout.Entry entry) => entry.Shape.Length == 2 && entry.Name != "wpe.weight";

    private static FlatLayout VectorsOf(FlatLayout all)
    {
        var vectors = new FlatLayout();
        foreach (var entry in all.Entries.Where(e => !IsMatrix(e))) vectors.Add(entry.Name, entry.Shape);
        return vectors;
    }

    /// <summary>Reads one tensor through memory that is given back at once: the token table alone is a third of GPT-2, and garbage would stay.</summary>
    private unsafe Matrix? Load(FlatLayout.Entry entry, IWeights weights)
    {
        float* memory = (float*)NativeMemory.Alloc((nuint)entry.Length, sizeof(float));
        try
        {
            var values = new Span<float>(memory, checked((int)entry.Length));
            weights.Read(entry.Name, values);
            return Place(entry, values);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    private Matrix? Place(FlatLayout.Entry entry, ReadOnlySpan<float> values)
    {
        if (_vectors.Contains(entry.Name)) Backend.Write(_vectors.Of(_values, entry.Name), values);
        if (!IsMatrix(entry)) return null;
        bool transposed = HasTokenRows(entry.Name);
        var (ic, oc) = transposed ? (entry.Shape[1], entry.Shape[0]) : (entry.Shape[0], entry.Shape[1]);
        if (Trainable) return Matrix.Dense(entry.Name, _vectors.Of(_values, entry.Name), ic, oc, transposed);
        var packed = Backend.Pack(entry.Name, values, ic, oc, transposed);
        _owned.Add(packed);
        return packed;
    }

    private Norm NormOf(string name) =>
        new(name, _vectors.Of(_values, $"{name}.weight"), _vectors.Of(_values, $"{name}.bias"), GradientOf($"{name}.weight"), GradientOf($"{name}.bias"));

    private Linear LinearOf(string name, Dictionary<string, Matrix> matrices) =>
        new(name, matrices[$"{name}.weight"], _vectors.Of(_values, $"{name}.bias"), GradientOf($"{name}.weight"), GradientOf($"{name}.bias"));
}
