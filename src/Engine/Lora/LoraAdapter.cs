namespace LoraCollab.Engine.Lora;

/// <summary>One client's adapter: a flat buffer in <see cref="LoraLayout"/>'s order and, where it is trained, a gradient of the same shape.</summary>
public sealed class LoraAdapter : IDisposable
{
    private const uint InitialisationStream = 0x4C6F5241; // "LoRA": apart from every dropout site
    private readonly ComputeBackend _backend;
    private readonly LoraFactors[] _factors;
    private readonly GptConfig _config;
    private readonly WeightCorrection? _own;

    /// <summary>A zero adapter. <paramref name="trainable"/> gives it a gradient.</summary>
    public LoraAdapter(ComputeBackend backend, GptConfig config, LoraOptions options, bool trainable)
    {
        (_backend, _config, Options) = (backend, config, options.Checked("adapter"));
        Layout = LoraLayout.Of(config, options);
        Parameters = backend.Allocate("adapter", Layout.Length);
        Gradient = trainable ? backend.Allocate("adapter gradient", Layout.Length) : default;
        _factors = new LoraFactors[config.Layers * Projections.All.Count];
        foreach (var (layer, p) in LoraLayout.Sites(config, options))
        {
            string a = LoraLayout.NameOfA(layer, p), b = LoraLayout.NameOfB(layer, p);
            _factors[Index(layer, p)] = new LoraFactors(Layout.Of(Parameters, a), Layout.Of(Parameters, b),
                trainable ? Layout.Of(Gradient, a) : default, trainable ? Layout.Of(Gradient, b) : default);
        }
    }

    public LoraOptions Options { get; }
    public FlatLayout Layout { get; }
    public View Parameters { get; }

    /// <summary>Empty where the adapter is not trained.</summary>
    public View Gradient { get; }

    /// <summary>Elements of all A: B begins there.</summary>
    public long LengthOfA => Layout.Entries.First(e => LoraLayout.IsB(e.Name)).Offset;

    /// <summary>What the base's weights are replaced by wherever this adapter is used; null: nothing. Whoever made it disposes of it.</summary>
    public WeightCorrection? Correction { get; set; }

    /// <summary>A correction of this adapter alone, disposed of with it.</summary>
    internal WeightCorrection? OwnCorrection
    {
        init => Correction = _own = value;
    }

    public LoraFactors this[int layer, Projection projection] => _factors[Index(layer, projection)];

    /// <summary>Copies the flat adapter out; waits for all ops before it.</summary>
    public void Download(Span<float> flat) => _backend.Download(flat, Parameters);

    /// <summary>A copy of the flat adapter.</summary>
    public float[] ToArray()
    {
        var flat = new float[Layout.Length];
        Download(flat);
        return flat;
    }

    /// <summary>True where every B is zero and no weight is corrected: the base gives the same numbers without it.</summary>
    public bool IsFresh() => Correction is null && !ToArray().AsSpan(checked((int)LengthOfA)).ContainsAnyExcept(0f);

    /// <summary>Replaces the flat adapter.</summary>
    public void Set(ReadOnlySpan<float> flat) => _backend.Write(Parameters, flat);

    /// <summary>
    /// Draws A uniformly and sets B to zero: a function of (seed, client, tensor, index). Clients that share one A are given the same client number.
    /// </summary>
    public void Initialise(LoraInitialisation form, ulong seed, uint client) => Set(InitialValues(_config, Options, form, seed, client));

    /// <summary>The flat adapter that <see cref="Initialise"/> sets.</summary>
    public static float[] InitialValues(GptConfig config, LoraOptions options, LoraInitialisation form, ulong seed, uint client)
    {
        var layout = LoraLayout.Of(config, options);
        var flat = new float[layout.Length];
        foreach (var entry in layout.Entries.Where(e => LoraLayout.IsA(e.Name)))
        {
            double bound = 1 / Math.Sqrt(entry.Shape[form == LoraInitialisation.Inputs ? 1 : 0]);
            for (long i = entry.Offset; i < entry.Offset + entry.Length; i++)
                flat[i] = (float)(bound * CounterNormals.Uniform(seed, InitialisationStream, client, i));
        }
        return flat;
    }

    public void Dispose()
    {
        Parameters.Buffer.Dispose();
        _own?.Dispose();
        if (!Gradient.IsEmpty) Gradient.Buffer.Dispose();
    }

    private static int Index(int layer, Projection projection) => layer * Projections.All.Count + (int)projection;
}

/// <summary>The two factors of one adapted projection and their gradients: A [r, in], B [out, r]. All empty where the projection has no adapter.</summary>
public readonly record struct LoraFactors(View A, View B, View AGradient, View BGradient)
{
    public bool IsEmpty => A.IsEmpty;
}

/// <summary>The spread of a fresh A; B is zero, so a fresh adapter changes nothing.</summary>
public enum LoraInitialisation
{
    /// <summary>A ~ U(±1/√in): the LoRA convention.</summary>
    Inputs,

    /// <summary>A ~ U(±1/√r): what an A stored as [in, r] gets from a fan-in rule, 14 times wider at GPT-2's size.</summary>
    Rank,
}
