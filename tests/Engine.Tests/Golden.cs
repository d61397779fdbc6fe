namespace LoraCollab.Engine.Tests;

/// <summary>One folder of ../shared/golden: a model, an adapter, a batch, and what libtorch computes from them in float64.</summary>
internal sealed class Golden : IDisposable
{
    private readonly string _name;
    private readonly HfCheckpoint _checkpoint;

    public Golden(string name)
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        _name = name;
        _checkpoint = HfCheckpoint.Open(File("model"));
        Config = _checkpoint.Config;
        Adapter = PeftAdapter.Load(File("adapter"), Config);
        var batch = TensorBag.Load(File("batch.safetensors"));
        Ids = batch.Ints("input_ids");
        Targets = batch.Ints("targets");
        Batch = batch.Shape("input_ids")[0];
    }

    public GptConfig Config { get; }
    public IWeights Weights => _checkpoint;
    public PeftAdapter Adapter { get; }
    public int[] Ids { get; }
    public int[] Targets { get; }
    public int Batch { get; }
    public int Length => Ids.Length / Batch;

    public string File(params string[] parts) => Shared.Path(["golden", _name, .. parts]);

    public TensorBag Expected(params string[] parts) => TensorBag.Load(File(parts));

    public GptPass Pass(GptModel model, PassKind kind) => new(model, model.Backend, Batch, Length, kind, kind == PassKind.Full ? null : Adapter.Options);

    public LoraAdapter Write(ComputeBackend backend, float[] values, bool trainable = true)
    {
        var adapter = new LoraAdapter(backend, Config, Adapter.Options, trainable);
        adapter.Set(values);
        return adapter;
    }

    public void Dispose() => _checkpoint.Dispose();

    /// <summary>A view's numbers as float32.</summary>
    public static float[] Read(ComputeBackend backend, View view)
    {
        var values = new float[view.Length];
        backend.Download(values.AsSpan(), view);
        return values;
    }

    /// <summary>Compares every named tensor of a flat buffer with <c>prefix + name</c> of the expected file.</summary>
    public static void AssertTensors(TensorBag expected, string prefix, FlatLayout layout, float[] flat, double tolerance)
    {
        Assert.NotEmpty(layout.Entries);
        foreach (var entry in layout.Entries)
            Tolerance.AssertClose(entry.Name, expected.Floats(prefix + entry.Name), layout.Of(flat, entry.Name), tolerance);
    }
}
