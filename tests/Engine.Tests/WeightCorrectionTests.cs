namespace LoraCollab.Engine.Tests;

public sealed class WeightCorrectionTests : IDisposable
{
    private static readonly LoraOptions Lora = new() { Rank = 2, Targets = LoraTargets.Attention };
    private readonly string _folder = Directory.CreateTempSubdirectory("loracollab-correction-").FullName;

    public static TheoryData<BackendKind> Kinds => [BackendKind.Reference, BackendKind.Host];

    /// <summary>A correction about as large as the weights of a <see cref="SmallModel"/>.</summary>
    internal static float[] Values(GptConfig config, LoraOptions options)
    {
        var values = new float[WeightCorrection.LayoutOf(config, options).Length];
        for (int i = 0; i < values.Length; i++) values[i] = 0.3f * (float)CounterNormals.Uniform(8, 98, 0, i);
        return values;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Adapter_OverCorrectedWeights_IsTheSameAdapterOverThatBase(BackendKind kind)
    {
        var weights = new SmallModel(SmallModel.Odd);
        float[] r = Values(weights.Config, Lora), adapter = SmallModel.AdapterValues(weights.Config, Lora);
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, weights);
        using var other = GptModel.Frozen(backend, new Sum(weights, WeightCorrection.LayoutOf(weights.Config, Lora), r));
        using var corrected = new PeftAdapter(Lora, adapter) { Correction = r }.Place(model);
        using var plain = new PeftAdapter(Lora, adapter).Place(other);
        using var uncorrected = new PeftAdapter(Lora, adapter).Place(model);

        float[] expected = Logits(other, plain);
        Assert.Equal(expected, Logits(model, corrected));
        Assert.NotEqual(expected, Logits(model, uncorrected));
        // Generation reads them too, with its cache of keys and values.
        int[] Text(GptModel on, LoraAdapter with)
        {
            using var generator = new Generator(on, backend, with);
            return [.. generator.Generate([1, 2, 3], new GenerationOptions { MaxTokens = 40, Temperature = 0 })];
        }
        Assert.Equal(Text(other, plain), Text(model, corrected));
        // The base is left as it is, and the MLP, which has no adapter, is not copied.
        var (before, after) = (new float[48 * 144], new float[48 * 144]);
        weights.Read("h.0.attn.c_attn.weight", before);
        model.Read("h.0.attn.c_attn.weight", after);
        Assert.Equal(before, after);
        Assert.Null(corrected.Correction![0, Projection.MlpCFc]);
    }

    [Fact]
    public void Adapter_WithCorrection_IsSavedAndReadBack()
    {
        float[] r = Values(SmallModel.Tiny, Lora), values = SmallModel.AdapterValues(SmallModel.Tiny, Lora);
        var adapter = new PeftAdapter(Lora, values) { Correction = r };
        adapter.Save(_folder, SmallModel.Tiny, "tiny");
        var loaded = PeftAdapter.Load(_folder, SmallModel.Tiny);
        Assert.Equal(values, loaded.Values);
        Assert.Equal(r, loaded.Correction);
        // 2 layers of c_attn [8, 24] and c_proj [8, 8]: 512 numbers, here and on the backend.
        Assert.Equal(512 * (4 + 8), loaded.CorrectionBytes(realBytes: 8));
        // An adapter without one, saved in its place, is not corrected by what was there.
        new PeftAdapter(Lora, values).Save(_folder, SmallModel.Tiny, "tiny");
        Assert.Null(PeftAdapter.Load(_folder, SmallModel.Tiny).Correction);
    }

    [Fact]
    public void Correction_OfAnotherModel_IsRefused()
    {
        new PeftAdapter(Lora, SmallModel.AdapterValues(SmallModel.Tiny, Lora)).Save(_folder, SmallModel.Tiny, "tiny");
        string file = Path.Combine(_folder, "base_correction.safetensors");
        Safetensors.Write(file, [TensorWrite.Of("h.0.attn.c_attn.weight", [8, 8], () => new float[64])]);
        string message = Assert.Throws<UserException>(() => PeftAdapter.Load(_folder, SmallModel.Tiny)).Message;
        Assert.Contains("base_correction.safetensors: tensor h.0.attn.c_attn.weight has shape [8, 8], this model needs [8, 24]", message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static float[] Logits(GptModel model, LoraAdapter adapter)
    {
        using var pass = new GptPass(model, model.Backend, 2, 12, PassKind.Forward, Lora);
        using var reader = new LogitReader(pass);
        pass.Trunk(SmallModel.Ids(24, model.Config.Vocabulary), 2, adapter);
        return reader.Read();
    }

    /// <summary>A base to which something is added.</summary>
    private sealed class Sum(IWeights weights, FlatLayout layout, float[] added) : IWeights
    {
        public GptConfig Config => weights.Config;

        public void Read(string name, Span<float> destination)
        {
            weights.Read(name, destination);
            if (!layout.Contains(name)) return;
            var r = layout.Of(added, name);
            for (int e = 0; e < destination.Length; e++) destination[e] += r[e];
        }
    }
}
