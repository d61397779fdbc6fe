using System.Text.Json.Nodes;

namespace LoraCollab.Engine.Tests;

/// <summary>Every file that is missing, damaged, foreign or for something else gives one line that names it.</summary>
public class BadFileTests : IDisposable
{
    private static readonly LoraOptions Lora = new() { Rank = 2 };
    private readonly string _folder = Directory.CreateTempSubdirectory("loracollab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string InFolder(string name) => Path.Combine(_folder, name);

    private static string Refused(Action action)
    {
        string message = Assert.Throws<UserException>(action).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    [Theory]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "tensor x ends at byte 8")] // promises more than the file holds
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 12, "8 bytes of data and the file holds 12")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "needs 8 bytes")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
        + "\"y\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12, "inside x")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
        + "\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}", 12, "apart from the end of x")]
    [InlineData("{\"x\":{\"dtype\":\"F8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2, "dtype F8")]
    [InlineData("{\"x\":{\"dtype\":\"0\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "dtype 0")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "impossible")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,16],\"data_offsets\":[0,4]}}", 4, "impossible")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "impossible")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "data_offsets")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "data_offsets")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "twice")]
    [InlineData("[1, 2]", 0, "expected an object")]
    [InlineData("{\"x\":", 0, "not valid JSON")]
    public void Safetensors_HeaderThatContradictsTheFile_IsRefused(string header, int dataBytes, string expected)
    {
        RawSafetensors.Write(InFolder("x.safetensors"), header, new byte[dataBytes]);
        string message = Refused(() => SafetensorsFile.Open(InFolder("x.safetensors")));
        Assert.Contains("x.safetensors", message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(100)]
    public void Safetensors_HeaderLengthBeyondTheFile_IsRefused(long claimed)
    {
        RawSafetensors.Write(InFolder("x.safetensors"), "{}", [], claimed);
        Assert.Contains("truncated", Refused(() => SafetensorsFile.Open(InFolder("x.safetensors"))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(300)]
    public void Safetensors_TruncatedAnywhere_IsRefused(int bytes)
    {
        HfCheckpoint.Save(_folder, new SmallModel(SmallModel.Tiny));
        string path = InFolder("model.safetensors");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..bytes]);
        Assert.Contains(path, Refused(() => HfCheckpoint.Open(_folder)));
    }

    [Fact]
    public void Safetensors_MissingForeignOrFolder_IsRefused()
    {
        Assert.Contains("no such file", Refused(() => SafetensorsFile.Open(InFolder("none"))));
        Assert.Contains("found a folder", Refused(() => SafetensorsFile.Open(_folder)));
        File.WriteAllText(InFolder("foreign"), "PK\u0003\u0004 this is a zip archive and no safetensors file at all");
        Assert.Contains("not a safetensors file", Refused(() => SafetensorsFile.Open(InFolder("foreign"))));
    }

    [Fact]
    public void TensorBag_WrongNameTypeOrSize_IsRefused()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        var bag = new TensorBag();
        bag.Add("ids", [1, 2]);
        bag.Add("x", [2], [1f, 2f]);
        bag.Save(InFolder("bag"));
        bag = TensorBag.Load(InFolder("bag"));
        Assert.Contains("the tensor y is missing", Refused(() => bag.Floats("y")));
        Assert.Contains("whole numbers", Refused(() => bag.Floats("ids")));
        Assert.Contains("real numbers", Refused(() => bag.Ints("x")));
        Assert.Contains("has 2 elements, expected 3", Refused(() => bag.Read("x", backend, backend.Allocate("v", 3))));
        Assert.Contains(InFolder("bag"), Refused(() => bag.Floats("y")));
    }

    [Theory]
    [InlineData("n_layer", "null", "n_layer is missing")]
    [InlineData("n_layer", "\"two\"", "expected a whole number")]
    [InlineData("n_layer", "-1", "n_layer is -1")]
    [InlineData("n_head", "3", "does not divide")]
    [InlineData("vocab_size", "2000000000", "can be addressed")]
    [InlineData("n_inner", "31", "n_inner = 31")]
    [InlineData("activation_function", "\"relu\"", "'relu'")]
    [InlineData("scale_attn_by_inverse_layer_idx", "true", "scale_attn_by_inverse_layer_idx")]
    [InlineData("add_cross_attention", "true", "add_cross_attention")]
    [InlineData("scale_attn_weights", "false", "scale_attn_weights")]
    [InlineData("quantization_config", "{\"bits\": 4}", "quantization_config")]
    [InlineData("model_type", "\"llama\"", "'llama'")]
    [InlineData("tie_word_embeddings", "1", "expected true or false")]
    [InlineData("layer_norm_epsilon", "0", "layer_norm_epsilon")]
    [InlineData("some_key_of_next_year", "{\"a\": 1}", "'some_key_of_next_year'")]
    [InlineData("use_rmsnorm", "true", "'use_rmsnorm'")]
    [InlineData("hidden_size", "9", "hidden_size")]
    [InlineData("n_embd", "2147483646", "can be addressed")]
    [InlineData("n_inner", "2147483647", "n_inner")]
    public void Config_ValueThatIsNotSupported_IsRefusedByName(string key, string value, string expected)
    {
        WriteConfig(key, value);
        string message = Refused(() => HfConfig.Read(InFolder("config.json")));
        Assert.Contains("config.json", message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData("n_inner", "32")]
    [InlineData("n_inner", "null")]
    [InlineData("reorder_and_upcast_attn", "true")]
    [InlineData("scale_attn_by_inverse_layer_idx", "false")]
    [InlineData("some_key_of_next_year", "{}")]
    [InlineData("some_key_of_next_year", "\"\"")]
    [InlineData("eos_token_id", "50256")]
    [InlineData("torch_dtype", "\"bfloat16\"")]
    [InlineData("hidden_size", "8")]
    public void Config_ValueThatChangesNothing_IsIgnored(string key, string value)
    {
        WriteConfig(key, value);
        Assert.Equal(SmallModel.Tiny, HfConfig.Read(InFolder("config.json")));
    }

    [Fact]
    public void Model_MissingPieces_AreNamed()
    {
        Assert.Contains("no such model folder", Refused(() => HfCheckpoint.Open(InFolder("none"))));
        Assert.Contains("config.json: there is no such file", Refused(() => HfCheckpoint.Open(_folder)));
        File.WriteAllText(InFolder("config.json"), "");
        Assert.Contains("not JSON", Refused(() => HfCheckpoint.Open(_folder)));
        File.WriteAllText(InFolder("config.json"), HfConfig.Write(SmallModel.Tiny));
        Assert.Contains("weights are missing", Refused(() => HfCheckpoint.Open(_folder)));
        File.WriteAllText(InFolder("model.safetensors.index.json"), "{\"weight_map\": {\"wte.weight\": \"../../etc/passwd\"}}");
        Assert.Contains("gives no file", Refused(() => HfCheckpoint.Open(_folder)));
        File.WriteAllText(InFolder("model.safetensors.index.json"), "{\"weight_map\": {\"wte.weight\": \"shard.safetensors\"}}");
        Assert.Contains("shard.safetensors: there is no such file", Refused(() => HfCheckpoint.Open(_folder)));
    }

    [Fact]
    public void Model_TensorMissingMisshapenForeignOrTwice_IsNamed()
    {
        var tensors = Tensors();
        Assert.Contains("h.1.mlp.c_fc.bias is missing", Refused(() => OpenWith(tensors.Where(t => t.Name != "h.1.mlp.c_fc.bias"))));
        Assert.Contains("has shape [3], expected [8]",
            Refused(() => OpenWith(tensors.Where(t => t.Name != "ln_f.bias").Append(TensorWrite.Of("ln_f.bias", [3], new float[3])))));
        Assert.Contains("is I32, expected F32",
            Refused(() => OpenWith(tensors.Where(t => t.Name != "ln_f.bias").Append(TensorWrite.Of("ln_f.bias", [8], new int[8])))));
        Assert.Contains("h.2.ln_1.bias", Refused(() => OpenWith(tensors.Append(TensorWrite.Of("h.2.ln_1.bias", [8], new float[8])))));
        Assert.Contains("ln_f.bias is there twice", Refused(() => OpenWith(tensors.Append(TensorWrite.Of("transformer.ln_f.bias", [8], new float[8])))));
        Assert.Contains("lm_head.weight differs from wte.weight",
            Refused(() => OpenWith(tensors.Append(TensorWrite.Of("lm_head.weight", [13, 8], new float[104])))));
    }

    [Fact]
    public void Model_NaNInAWeight_IsNamedWithItsElement()
    {
        var bad = new float[8];
        bad[5] = float.NaN;
        OpenWith(Tensors().Where(t => t.Name != "h.0.ln_2.weight").Append(TensorWrite.Of("h.0.ln_2.weight", [8], bad)));
        using var checkpoint = HfCheckpoint.Open(_folder);
        using var backend = Backends.Create(BackendKind.Reference, 1);
        Assert.Contains("h.0.ln_2.weight holds NaN at element 5", Refused(() => GptModel.Frozen(backend, checkpoint)));
    }

    [Theory]
    [InlineData("use_dora", "true")]
    [InlineData("bias", "\"all\"")]
    [InlineData("modules_to_save", "[\"wte\"]")]
    [InlineData("rank_pattern", "{\"c_attn\": 8}")]
    [InlineData("alpha_pattern", "{\"c_attn\": 8}")]
    [InlineData("layers_to_transform", "[0]")]
    [InlineData("peft_type", "\"IA3\"")]
    [InlineData("init_lora_weights", "\"pissa_niter_4\"")]
    [InlineData("init_lora_weights", "\"lora_ga\"")]
    [InlineData("init_lora_weights", "\"corda\"")]
    [InlineData("init_lora_weights", "\"loftq\"")]
    [InlineData("init_lora_weights", "\"of_next_year\"")]
    [InlineData("init_lora_weights", "1")]
    [InlineData("arrow_config", "{\"top_k\": 3}")]
    [InlineData("use_bdlora", "true")]
    [InlineData("velora_config", "{\"x\": 1}")]
    [InlineData("kasa_config", "{\"x\": 1}")]
    [InlineData("lora_ga_config", "{\"direction\": \"ArB2r\"}")]
    [InlineData("trainable_token_indices", "[3]")]
    [InlineData("target_parameters", "[\"mlp\"]")]
    [InlineData("lora_bias", "true")]
    [InlineData("ensure_weight_tying", "true")]
    [InlineData("exclude_modules", "[\"c_attn\"]")]
    [InlineData("target_modules", "\"(\"")]
    [InlineData("layers_to_transform", "[-1]")]
    [InlineData("rank_pattern", "[]")]
    [InlineData("target_modules", "\"all-linear\"")]
    [InlineData("target_modules", "[\"q_proj\"]")]
    [InlineData("target_modules", "[\"h.0.attn.c_attn\"]")]
    [InlineData("target_modules", "[]")]
    [InlineData("target_modules", "7")]
    [InlineData("r", "0")]
    [InlineData("r", "null")]
    [InlineData("lora_alpha", "\"16\"")]
    [InlineData("lora_dropout", "1")]
    public void AdapterConfig_ValueThatIsNotSupported_IsRefusedByName(string key, string value)
    {
        SaveAdapter();
        Set(InFolder("adapter_config.json"), key, value);
        string message = Refused(() => PeftAdapter.Load(_folder, SmallModel.Tiny));
        Assert.Contains("adapter_config.json", message);
        string named = key switch { "lora_dropout" => "dropout", "target_modules" when value == "[]" => "target", _ => key };
        Assert.Contains(named, message);
    }

    [Theory]
    [InlineData("modules_to_save", "[]")]
    [InlineData("rank_pattern", "{}")]
    [InlineData("rank_pattern", "{\"c_attn\": 2}")]
    [InlineData("alpha_pattern", "{\"h.0.attn.c_attn\": 32}")]
    [InlineData("init_lora_weights", "\"eva\"")]
    [InlineData("eva_config", "{\"rho\": 2.0}")]
    [InlineData("megatron_core", "\"megatron.core\"")]
    [InlineData("qalora_group_size", "16")]
    [InlineData("arrow_config", "null")]
    [InlineData("target_modules", "null")]
    [InlineData("target_modules", "[\"transformer.h.0.attn.c_attn\", \"transformer.h.0.attn.c_proj\", \"h.1.attn.c_attn\", \"1.attn.c_proj\"]")]
    [InlineData("target_modules", "\".*attn\\\\.(c_attn|c_proj)\"")]
    [InlineData("target_modules", "\"^(?!.*mlp).*c_(attn|proj)$\"")]
    [InlineData("layers_to_transform", "[0, 1]")]
    [InlineData("use_dora", "false")]
    [InlineData("init_lora_weights", "true")]
    [InlineData("init_lora_weights", "\"gaussian\"")]
    [InlineData("revision", "\"main\"")]
    public void AdapterConfig_ValueThatChangesNothing_IsIgnored(string key, string value)
    {
        SaveAdapter();
        Set(InFolder("adapter_config.json"), key, value);
        Assert.Equal(Lora, PeftAdapter.Load(_folder, SmallModel.Tiny).Options);
    }

    [Fact]
    public void Adapter_ForAnotherModel_IsNamedWithBothShapes()
    {
        SaveAdapter();
        string wider = Refused(() => PeftAdapter.Load(_folder, SmallModel.Odd));
        Assert.Contains("has shape [2, 8], this model and r in adapter_config.json need [2, 48]", wider);
        Assert.Contains("lora_A.weight", wider);
        Assert.Contains("is missing", Refused(() => PeftAdapter.Load(_folder, SmallModel.Tiny with { Layers = 3 })));
        Assert.Contains("has no place", Refused(() => PeftAdapter.Load(_folder, SmallModel.Tiny with { Layers = 1 })));
    }

    [Fact]
    public void Adapter_TensorWithAndWithoutTransformer_IsNamedTwice()
    {
        SaveAdapter();
        const string Name = "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight", Short = "base_model.model.h.0.attn.c_attn.lora_A.weight";
        Safetensors.Write(
            InFolder("adapter_model.safetensors"), [TensorWrite.Of(Name, [2, 8], () => new float[16]), TensorWrite.Of(Short, [2, 8], () => new float[16])]);
        string message = Refused(() => PeftAdapter.Load(_folder, SmallModel.Tiny));
        Assert.Contains(Name, message);
        Assert.Contains(Short, message);
        Assert.Contains("twice", message);
    }

    [Fact]
    public void Adapter_MissingPiecesOrNaN_AreNamed()
    {
        Assert.Contains("no such adapter folder", Refused(() => PeftAdapter.Load(InFolder("none"), SmallModel.Tiny)));
        Assert.Contains("adapter_config.json: there is no such file", Refused(() => PeftAdapter.Load(_folder, SmallModel.Tiny)));
        var values = SmallModel.AdapterValues(SmallModel.Tiny, Lora);
        values[20] = float.PositiveInfinity;
        new PeftAdapter(Lora, values).Save(_folder, SmallModel.Tiny, "tiny");
        Assert.Contains("h.0.attn.c_proj.lora_A.weight holds Infinity at element 4", Refused(() => PeftAdapter.Load(_folder, SmallModel.Tiny)));
        File.Delete(InFolder("adapter_model.safetensors"));
        Assert.Contains("adapter_model.safetensors: there is no such file", Refused(() => PeftAdapter.Load(_folder, SmallModel.Tiny)));
    }

    [Fact]
    public void Pass_TokensOrSequencesBeyondTheModel_AreRefused()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, 1, 4, PassKind.Forward);
        Assert.Contains("token 13 at position 2", Refused(() => pass.Evaluate([1, 2, 13, 3], [1, 2, 3, 4], 1, null)));
        Assert.Contains("token -2 at position 0", Refused(() => pass.Evaluate([1, 2, 3, 4], [-2, 2, 3, 4], 1, null)));
        Assert.Contains("context of 8", Refused(() => new GptPass(model, backend, 1, 9, PassKind.Forward)));
        Assert.Contains("expected one of tiny, gpt2", Refused(() => GptConfig.Preset("gpt3")));
    }

    private void WriteConfig(string key, string value)
    {
        File.WriteAllText(InFolder("config.json"), HfConfig.Write(SmallModel.Tiny));
        Set(InFolder("config.json"), key, value);
    }

    private static void Set(string path, string key, string value)
    {
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json[key] = JsonNode.Parse(value);
        File.WriteAllText(path, json.ToJsonString());
    }

    private void SaveAdapter() => new PeftAdapter(Lora, SmallModel.AdapterValues(SmallModel.Tiny, Lora)).Save(_folder, SmallModel.Tiny, "tiny");

    private static List<TensorWrite> Tensors()
    {
        var weights = new SmallModel(SmallModel.Tiny);
        return [.. weights.Config.Layout().Entries.Select(e => TensorWrite.Of(e.Name, e.Shape, () =>
        {
            var values = new float[e.Length];
            weights.Read(e.Name, values);
            return values;
        }))];
    }

    private void OpenWith(IEnumerable<TensorWrite> tensors)
    {
        File.WriteAllText(InFolder("config.json"), HfConfig.Write(SmallModel.Tiny));
        Safetensors.Write(InFolder("model.safetensors"), [.. tensors]);
        HfCheckpoint.Open(_folder).Dispose();
    }
}
