namespace LoraCollab.Engine.Tests;

/// <summary>What is saved is what is loaded, in every form that others write.</summary>
public class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loracollab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Save_ThenOpen_GivesTheSameModel(bool tied)
    {
        var weights = new SmallModel(SmallModel.Odd with { TiedHead = tied, Gelu = GeluForm.Erf, LayerNormEpsilon = 1e-6f });
        HfCheckpoint.Save(_folder, weights);
        using var opened = HfCheckpoint.Open(_folder);
        Assert.Equal(weights.Config, opened.Config);
        AssertSame(weights, opened);
        Assert.Empty(Directory.GetFiles(_folder, "*.tmp"));
    }

    [Theory]
    [InlineData(BackendKind.Reference, true)]
    [InlineData(BackendKind.Reference, false)]
    [InlineData(BackendKind.Host, true)]
    [InlineData(BackendKind.Host, false)]
    public void Model_ReadBackFromABackend_HoldsWhatWasLoaded(BackendKind kind, bool trainable)
    {
        var weights = new SmallModel(SmallModel.Odd with { TiedHead = false });
        using var backend = TestBackends.Create(kind);
        using var model = trainable ? GptModel.ForTraining(backend, weights) : GptModel.Frozen(backend, weights);
        AssertSame(weights, model);
    }

    [Fact]
    public void Open_ShardsWithoutPrefixWithMasksAndTiedHead_GivesTheSameModel()
    {
        var weights = new SmallModel(SmallModel.Tiny);
        var tensors = Tensors(weights, name => name);
        tensors.Add(TensorWrite.Of("h.0.attn.bias", [1, 1, 8, 8], new float[64]));
        tensors.Add(TensorWrite.Of("h.0.attn.masked_bias", [], new float[1]));
        tensors.Add(TensorWrite.Of("lm_head.weight", [13, 8], Values(weights, "wte.weight")));
        File.WriteAllText(Path.Combine(_folder, "config.json"), HfConfig.Write(weights.Config));
        string[] shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
        Safetensors.Write(Path.Combine(_folder, shards[0]), tensors[..9]);
        Safetensors.Write(Path.Combine(_folder, shards[1]), tensors[9..]);
        string map = string.Join(", ", tensors.Select((t, i) => $"\"{t.Name}\": \"{shards[i < 9 ? 0 : 1]}\""));
        File.WriteAllText(Path.Combine(_folder, "model.safetensors.index.json"), $"{{\"metadata\": {{}}, \"weight_map\": {{{map}}}}}");

        using var opened = HfCheckpoint.Open(_folder);
        AssertSame(weights, opened);
    }

    [Theory]
    [InlineData("F16", 1e-3)]
    [InlineData("BF16", 1e-2)]
    [InlineData("F64", 1e-7)]
    public void Read_OtherWidths_GivesTheRoundedNumbers(string type, double tolerance)
    {
        string path = Path.Combine(_folder, "x.safetensors");
        float[] values = [1, -2.5f, 3.14159f, 1e-3f, -65000, 0, 7];
        RawSafetensors.Write(path,
            $"{{\"x\":{{\"dtype\":\"{type}\",\"shape\":[7],\"data_offsets\":[0,{7 * (type == "F64" ? 8 : 2)}]}}}}", RawSafetensors.Encode(values, type));
        using var file = SafetensorsFile.Open(path);
        Tolerance.AssertClose("x", values, file.Floats("x"), tolerance);
        Assert.Equal([1, -2.5f], file.Floats("x")[..2]);
        Assert.Equal(-2.5, file.Doubles("x")[1]);
    }

    [Fact]
    public void Read_TensorOverSeveralChunks_GivesEveryElement()
    {
        string path = Path.Combine(_folder, "x.safetensors");
        float[] values = [.. Enumerable.Range(0, 700_000).Select(i => (float)(i % 2000 - 1000))];
        RawSafetensors.Write(path, "{\"x\":{\"dtype\":\"F16\",\"shape\":[700,1000],\"data_offsets\":[0,1400000]}}", RawSafetensors.Encode(values, "F16"));
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(values, file.Floats("x"));
    }

    [Fact]
    public void TensorBag_SavedAndLoaded_KeepsTypesShapesAndNotes()
    {
        var bag = new TensorBag();
        bag.Add("ids", [2, 3], [1, -2, 3, 4, 5, 6]);
        bag.Add("x", [2], [0.5f, float.MaxValue]);
        bag.Metadata["iteration"] = "17";
        string path = Path.Combine(_folder, "bag.safetensors");
        bag.Save(path);
        var loaded = TensorBag.Load(path);
        Assert.Equal(["ids", "x"], loaded.Names);
        Assert.Equal([2, 3], loaded.Shape("ids"));
        Assert.Equal([1, -2, 3, 4, 5, 6], loaded.Ints("ids"));
        Assert.Equal([0.5f, float.MaxValue], loaded.Floats("x"));
        Assert.Equal("17", loaded.Metadata["iteration"]);
    }

    [Fact]
    public void GoldenCheckpoints_ReadAndWrittenAgain_AreTheSame()
    {
        using var golden = new Golden("attention");
        HfCheckpoint.Save(_folder, golden.Weights);
        using var again = HfCheckpoint.Open(_folder);
        AssertSame(golden.Weights, again);
        string adapter = Path.Combine(_folder, "adapter");
        golden.Adapter.Save(adapter, golden.Config, "../model");
        var loaded = PeftAdapter.Load(adapter, golden.Config);
        Assert.Equal(golden.Adapter.Options, loaded.Options);
        Assert.Equal(golden.Adapter.Values, loaded.Values);
    }

    [Theory]
    [InlineData(LoraTargets.Attention, false)]
    [InlineData(LoraTargets.All, true)]
    [InlineData(LoraTargets.MlpCFc, false)]
    public void Adapter_SavedAndLoaded_IsTheSame(LoraTargets targets, bool rankStabilised)
    {
        var options = new LoraOptions { Rank = 3, Alpha = 7.5, Dropout = 0.05f, Targets = targets, RankStabilised = rankStabilised };
        var values = SmallModel.AdapterValues(SmallModel.Tiny, options);
        new PeftAdapter(options, values).Save(_folder, SmallModel.Tiny, "tiny");
        var loaded = PeftAdapter.Load(_folder, SmallModel.Tiny);
        Assert.Equal(options, loaded.Options);
        Assert.Equal(values, loaded.Values);
    }

    [Fact]
    public void Layout_OfAnAdapter_HoldsAllAThenAllB()
    {
        var names = LoraLayout.Of(SmallModel.Tiny, new LoraOptions()).Entries.Select(e => e.Name).ToArray();
        Assert.Equal(
        [
            "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight", "base_model.model.transformer.h.0.attn.c_proj.lora_A.weight",
            "base_model.model.transformer.h.1.attn.c_attn.lora_A.weight", "base_model.model.transformer.h.1.attn.c_proj.lora_A.weight",
            "base_model.model.transformer.h.0.attn.c_attn.lora_B.weight", "base_model.model.transformer.h.0.attn.c_proj.lora_B.weight",
            "base_model.model.transformer.h.1.attn.c_attn.lora_B.weight", "base_model.model.transformer.h.1.attn.c_proj.lora_B.weight",
        ], names);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Merged_Model_PredictsWhatBaseAndAdapterPredict(bool rankStabilised)
    {
        var weights = new SmallModel(SmallModel.Odd);
        var options = new LoraOptions { Rank = 3, Alpha = 6, Targets = LoraTargets.All, RankStabilised = rankStabilised };
        var values = SmallModel.AdapterValues(weights.Config, options);
        HfCheckpoint.Save(_folder, new MergedWeights(weights, options, values));
        using var merged = HfCheckpoint.Open(_folder);
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var adapter = new LoraAdapter(backend, weights.Config, options, trainable: false);
        adapter.Set(values);

        float[] expected = Logits(backend, weights, adapter, options), actual = Logits(backend, merged, null, options);

        Tolerance.AssertClose("logits", expected, actual, 1e-5);
        Assert.True(Tolerance.RelativeError(Tolerance.Widen(expected), Tolerance.Widen(Logits(backend, weights, null, options))) > 0.05);
    }

    private static float[] Logits(ComputeBackend backend, IWeights weights, LoraAdapter? adapter, LoraOptions options)
    {
        using var model = GptModel.Frozen(backend, weights);
        using var pass = new GptPass(model, backend, 2, 9, PassKind.Forward, options);
        pass.Trunk(SmallModel.Ids(18, 131), 2, adapter);
        using var reader = new LogitReader(pass);
        return reader.Read();
    }

    private static float[] Values(IWeights weights, string name)
    {
        var values = new float[weights.Config.Layout()[name].Length];
        weights.Read(name, values);
        return values;
    }

    private static List<TensorWrite> Tensors(IWeights weights, Func<string, string> rename) =>
        [.. weights.Config.Layout().Entries.Select(e => TensorWrite.Of(rename(e.Name), e.Shape, Values(weights, e.Name)))];

    private static void AssertSame(IWeights expected, IWeights actual)
    {
        foreach (var entry in expected.Config.Layout().Entries) Assert.Equal(Values(expected, entry.Name), Values(actual, entry.Name));
    }
}
