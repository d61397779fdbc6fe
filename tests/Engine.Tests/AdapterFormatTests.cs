using System.Text.Json.Nodes;
using LoraCollab.Testing;

namespace LoraCollab.Engine.Tests;

/// <summary>Adapters as PEFT and others write them: what the tensors are called, which of them are there, what the configuration says.</summary>
public sealed class AdapterFormatTests : IDisposable
{
    private static readonly GptConfig Model = SmallModel.Tiny;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[\"c_attn\"]", LoraTargets.AttnCAttn)]
    [InlineData("[\"c_proj\"]", LoraTargets.AttnCProj | LoraTargets.MlpCProj)]
    [InlineData("[\"c_attn\", \"attn.c_proj\"]", LoraTargets.Attention)]
    [InlineData("[\"c_fc\", \"c_attn\", \"c_proj\"]", LoraTargets.All)]
    [InlineData("[\"c_attn\", \"q_proj\"]", LoraTargets.AttnCAttn)]
    [InlineData("\"all-linear\"", LoraTargets.All)]
    [InlineData("\"c_fc\"", LoraTargets.MlpCFc)]
    [InlineData("\".*\\\\.mlp\\\\.(?P<which>c_fc|c_proj)\"", LoraTargets.MlpCFc | LoraTargets.MlpCProj)]
    public void TargetModules_NamesSuffixesAndExpressions_MeanWhatPeftMeans(string targets, LoraTargets expected)
    {
        float[] values = Save(new LoraOptions { Rank = 2, Targets = expected });
        Configure(("target_modules", targets));
        var loaded = PeftAdapter.Load(_folder.Path, Model);
        Assert.Equal(expected, loaded.Options.Targets);
        Assert.Equal(values, loaded.Values);
        Assert.Empty(loaded.Absent);
    }

    [Theory]
    [InlineData("transformer.", "")]
    [InlineData("base_model.model.transformer.", "base_model.model.")]
    [InlineData("base_model.model.", "_orig_mod.base_model.model.")]
    [InlineData("base_model.model.", "module.base_model.model.")]
    [InlineData(".lora_A.weight", ".lora_A.default.weight", ".lora_B.weight", ".lora_B.default.weight")]
    public void Tensors_UnderOtherNames_AreTheSameAdapter(params string[] renames)
    {
        var options = new LoraOptions { Rank = 3 };
        float[] values = Save(options);
        Rewrite(tensors => [.. tensors.Select(t => (Renamed(t.Name, renames), t.Shape, t.Values))]);
        Assert.Equal(values, PeftAdapter.Load(_folder.Path, Model).Values);
    }

    [Fact]
    public void Tensors_OfTwoAdapters_AreRefusedWithBothNames()
    {
        Save(new LoraOptions { Rank = 3 });
        Rewrite(tensors => [.. tensors.Select((t, i) => (Renamed(t.Name, [".weight", i % 2 == 0 ? ".ann.weight" : ".bob.weight"]), t.Shape, t.Values))]);
        Refused("'ann'", "'bob'");
    }

    [Fact]
    public void Layers_SomeWithoutAdapter_AreZeroAndCannotBeTrained()
    {
        var options = new LoraOptions { Rank = 2 };
        Save(options);
        Rewrite(tensors => [.. tensors.Where(t => t.Name.Contains(".h.1."))]);
        Configure(("layers_to_transform", "1"), ("layers_pattern", "\"h\""));
        var loaded = PeftAdapter.Load(_folder.Path, Model);
        Assert.Equal(["h.0.attn.c_attn", "h.0.attn.c_proj"], loaded.Absent);
        Assert.Equal(options, loaded.Options);
        var layout = LoraLayout.Of(Model, options);
        Assert.All(layout.Entries.Where(e => e.Name.Contains(".h.0.")), e => Assert.All(layout.Of(loaded.Values, e.Name).ToArray(), x => Assert.Equal(0, x)));
        Assert.All(layout.Entries.Where(e => e.Name.Contains(".h.1.")), e => Assert.DoesNotContain(0f, layout.Of(loaded.Values, e.Name).ToArray()));
        Assert.Contains("h.0.attn.c_attn", Assert.Throws<UserException>(() => loaded.RequireTrainable(_folder.Path)).Message);
    }

    [Fact]
    public void TargetModules_AndTensorsThatDiffer_AreRefused()
    {
        Save(new LoraOptions { Rank = 2 });
        Configure(("layers_pattern", "\"blocks\""), ("layers_to_transform", "[0, 1]"));
        Refused("layers_pattern", "\"blocks\"");
        Configure(("layers_pattern", "null"), ("layers_to_transform", "null"), ("target_modules", "\"all-linear\""));
        Refused("mlp.c_fc.lora_A.weight is missing");
        Configure(("target_modules", "[\"c_attn\", \"attn.c_proj\"]"));
        Rewrite(tensors => [.. tensors.Where(t => !t.Name.Contains("h.1.attn.c_proj.lora_B"))]);
        Refused("h.1.attn.c_proj.lora_B.weight is missing");
        Rewrite(tensors => [.. tensors.Append(("base_model.model.lm_head.lora_A.weight", [2, 8], new float[16]))]);
        Refused("lora_B.weight is missing");
    }

    [Fact]
    public void Tensors_OfAnotherKind_AreRefusedByName()
    {
        Save(new LoraOptions { Rank = 2 });
        Rewrite(tensors => [.. tensors.Append(("base_model.model.transformer.h.0.attn.c_attn.lora_magnitude_vector.weight", [24], new float[24]))]);
        Refused("lora_magnitude_vector");
    }

    [Theory]
    [InlineData("rank_pattern", "{\"c_attn\": 3, \".*c_proj\": 3}", 3, 32)]
    [InlineData("alpha_pattern", "{\"attn.c_attn\": 8, \"c_proj\": 8}", 3, 8)]
    [InlineData("alpha_pattern", "{\"attn.c_fc\": 5}", 3, 32)]
    public void Patterns_ThatAreUniform_AreHonoured(string key, string value, int rank, double alpha)
    {
        Save(new LoraOptions { Rank = 3 });
        Configure((key, value), ("r", key == "rank_pattern" ? "8" : "3"));
        var loaded = PeftAdapter.Load(_folder.Path, Model).Options;
        Assert.Equal((rank, alpha), (loaded.Rank, loaded.Alpha));
    }

    [Theory]
    [InlineData("rank_pattern", "{\"c_attn\": 3}")]
    [InlineData("rank_pattern", "{\"c_attn\": \"3\"}")]
    [InlineData("rank_pattern", "{\"c_attn\": 2.5}")]
    [InlineData("alpha_pattern", "{\"h.0.attn.c_attn\": 8}")]
    [InlineData("alpha_pattern", "{\"(\": 8}")]
    [InlineData("alpha_pattern", "{\"c_attn\": -8}")]
    [InlineData("alpha_pattern", "[1]")]
    public void Patterns_ThatAreNot_AreRefusedByName(string key, string value)
    {
        Save(new LoraOptions { Rank = 2 });
        Configure((key, value));
        Refused(key);
    }

    [Fact]
    public void Rank_BeyondTheTensors_AsksForNoMemory()
    {
        Save(new LoraOptions { Rank = 2 });
        foreach (string rank in new[] { "1048576", "2147483647", "3" })
        {
            Configure(("r", rank));
            long before = GC.GetAllocatedBytesForCurrentThread();
            Refused("lora_A.weight has shape [2, 8]", "r in adapter_config.json");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 22);
        }
    }

    [Fact]
    public void Pickle_InPlaceOfTheWeights_IsRefusedByName()
    {
        Save(new LoraOptions { Rank = 2 });
        File.Move(_folder.At("adapter_model.safetensors"), _folder.At("adapter_model.bin"));
        Refused("adapter_model.bin", "pickle", "safetensors");
    }

    /// <summary>The keys of LoraConfig at their defaults, release by release.</summary>
    [Theory]
    [InlineData("0.5", "{\"auto_mapping\": null, \"layers_pattern\": null, \"layers_to_transform\": null, \"revision\": null}")]
    [InlineData("0.9", "{\"loftq_config\": {}, \"megatron_config\": null, \"megatron_core\": \"megatron.core\", \"rank_pattern\": {}, "
        + "\"alpha_pattern\": {}, \"use_rslora\": false, \"use_dora\": false, \"init_lora_weights\": true}")]
    [InlineData("0.14", "{\"exclude_modules\": null, \"lora_bias\": false, \"eva_config\": null, \"layer_replication\": null}")]
    [InlineData("0.18", "{\"alora_invocation_tokens\": null, \"arrow_config\": null, \"corda_config\": null, \"ensure_weight_tying\": false, "
        + "\"peft_version\": \"0.18.1\", \"qalora_group_size\": 16, \"target_parameters\": null, \"trainable_token_indices\": null, \"use_qalora\": false}")]
    [InlineData("0.20", "{\"lora_ga_config\": null, \"velora_config\": null, \"monteclora_config\": null, \"use_bdlora\": null, \"auto_mapping\": "
        + "{\"base_model_class\": \"GPT2LMHeadModel\"}}")]
    public void Configuration_AsReleasesOfPeftWriteIt_Loads(string release, string keys)
    {
        float[] values = Save(new LoraOptions { Rank = 2 });
        Configure([.. JsonNode.Parse(keys)!.AsObject().Select(p => (p.Key, p.Value?.ToJsonString() ?? "null"))]);
        Assert.True(values.SequenceEqual(PeftAdapter.Load(_folder.Path, Model).Values), release);
    }

    private float[] Save(LoraOptions options)
    {
        float[] values = SmallModel.AdapterValues(Model, options);
        new PeftAdapter(options, values).Save(_folder.Path, Model, "tiny");
        return values;
    }

    private void Configure(params (string Key, string Value)[] keys)
    {
        string path = _folder.At("adapter_config.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        foreach (var (key, value) in keys) json[key] = JsonNode.Parse(value);
        File.WriteAllText(path, json.ToJsonString());
    }

    private void Rewrite(Func<List<(string Name, int[] Shape, float[] Values)>, List<(string Name, int[] Shape, float[] Values)>> change)
    {
        string path = _folder.At("adapter_model.safetensors");
        List<(string, int[], float[])> tensors;
        using (var file = SafetensorsFile.Open(path)) tensors = [.. file.Tensors.Select(t => (t.Name, t.Shape, file.Floats(t.Name)))];
        Safetensors.Write(path, [.. change(tensors).Select(t => TensorWrite.Of(t.Name, t.Shape, t.Values))]);
    }

    private void Refused(params string[] parts)
    {
        string message = Assert.Throws<UserException>(() => PeftAdapter.Load(_folder.Path, Model)).Message;
        Assert.All(parts, part => Assert.Contains(part, message));
    }

    private static string Renamed(string name, string[] pairs)
    {
        for (int i = 0; i < pairs.Length; i += 2) name = name.Replace(pairs[i], pairs[i + 1]);
        return name;
    }
}
