using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using LoraCollab.Testing;

namespace LoraCollab.Engine.Tests;

/// <summary>The same model as others write it: transformers with and without wrappers, nanoGPT, llm.c.</summary>
public sealed class ModelFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("transformer.")]
    [InlineData("_orig_mod.transformer.")]
    [InlineData("module.transformer.")]
    [InlineData("_orig_mod.module.transformer.")]
    [InlineData("base_model.model.transformer.")]
    public void Names_BehindAnyWrapper_AreTheSameModel(string wrapper)
    {
        var weights = new SmallModel(SmallModel.Tiny);
        Write(weights.Config, Tensors(weights).Select(t => t with { Name = wrapper + t.Name }));
        AssertOpens(weights);
    }

    [Theory]
    [InlineData("lm_head.weight")]
    [InlineData("_orig_mod.lm_head.weight")]
    public void TiedTable_UnderTheHeadsNameAlone_Loads(string name)
    {
        var weights = new SmallModel(SmallModel.Tiny);
        Write(weights.Config, Tensors(weights).Select(t => t.Name == "wte.weight" ? t with { Name = name } : t));
        AssertOpens(weights);
    }

    [Fact]
    public void TiedTable_UntiedByTheConfiguration_IsNotTakenForTheTable()
    {
        var weights = new SmallModel(SmallModel.Tiny with { TiedHead = false });
        Write(weights.Config, Tensors(weights).Where(t => t.Name != "wte.weight"));
        Assert.Contains("wte.weight is missing", Refused());
    }

    [Theory]
    [InlineData("lm_head.bias")]
    [InlineData("score.weight")]
    [InlineData("v_head.summary.weight")]
    [InlineData("h.0.attn.c_attn.lora_A.weight")]
    public void Tensor_WithoutAPlaceInTheModel_IsRefusedByName(string name)
    {
        var weights = new SmallModel(SmallModel.Tiny);
        Write(weights.Config, Tensors(weights).Append(new Named(name, [3], new float[3])));
        Assert.Contains(name, Refused());
    }

    [Theory]
    [InlineData("transformer.", true)]
    [InlineData("_orig_mod.transformer.", false)]
    public void NanoGpt_WithAndWithoutBiases_GivesTheSameLogits(string wrapper, bool biases)
    {
        var config = SmallModel.Odd with { Gelu = GeluForm.Erf };
        var weights = new WithoutBiases(new SmallModel(config), !biases);
        var tensors = Tensors(weights).Where(t => biases || !t.Name.EndsWith(".bias")).Select(AsLinear).Select(t => t with { Name = wrapper + t.Name })
            .Append(new Named(wrapper.Replace("transformer.", "lm_head.weight"), [config.Vocabulary, config.Channels], Values(weights, "wte.weight")));
        _folder.File("config.json", new JsonObject
        {
            ["n_layer"] = config.Layers,
            ["n_head"] = config.Heads,
            ["n_embd"] = config.Channels,
            ["block_size"] = config.Context,
            ["bias"] = biases,
            ["vocab_size"] = config.Vocabulary,
            ["dropout"] = 0.2,
        }.ToJsonString());
        WriteTensors(tensors);
        using var opened = HfCheckpoint.Open(_folder.Path);
        Assert.Equal(config, opened.Config);
        Assert.Equal(Logits(weights), Logits(opened));
    }

    [Fact]
    public void NanoGpt_BiasesThatContradictTheConfiguration_AreRefused()
    {
        var weights = new SmallModel(SmallModel.Tiny);
        Write(weights.Config, Tensors(weights).Select(AsLinear));
        string config = File.ReadAllText(_folder.At("config.json"));
        File.WriteAllText(_folder.At("config.json"), config.Replace("\"n_ctx\": 8", "\"block_size\": 8, \"bias\": false"));
        Assert.Contains("bias = false", Refused());
        File.WriteAllText(_folder.At("config.json"), config.Replace("\"n_ctx\": 8", "\"bias\": false"));
        Assert.Contains("block_size", Refused());
    }

    [Theory]
    [InlineData(3, 1e-9)]
    [InlineData(5, 2e-2)]
    public void Llmc_OfBothWidths_GivesTheLogitsOfTheSameModel(int version, double tolerance)
    {
        var weights = new SmallModel(SmallModel.Odd);
        string file = _folder.File("model.bin", Llmc(weights, version, padded: 256));
        Assert.True(LlmcCheckpoint.Is(file));
        using var opened = LlmcCheckpoint.Open(file);
        Assert.Equal(weights.Config, opened.Config);
        Tolerance.AssertClose("logits", Logits(weights), Logits(opened), tolerance);
    }

    [Theory]
    [InlineData(0, 20240327, "begins with 20240327")]
    [InlineData(1, 1, "version 1")]
    [InlineData(1, 5, "describes")]
    [InlineData(2, 0, "n_positions is 0")]
    [InlineData(2, int.MaxValue, "can be addressed")]
    [InlineData(4, -1, "n_layer is -1")]
    [InlineData(4, 65535, "describes")]
    [InlineData(5, 5, "does not divide")]
    [InlineData(6, int.MaxValue, "n_head")]
    [InlineData(7, 0, "version 3")]
    [InlineData(7, 100, "100 rows for 131 tokens")]
    [InlineData(7, int.MaxValue, "describes")]
    public void Llmc_HeaderThatContradictsTheFile_IsRefused(int place, int value, string expected)
    {
        byte[] bytes = Llmc(new SmallModel(SmallModel.Odd), 3, padded: 256);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * place), value);
        string file = _folder.File("model.bin", bytes);
        string message = Assert.Throws<UserException>(() => LlmcCheckpoint.Open(file)).Message;
        Assert.Contains(file, message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Llmc_Truncated_IsRefused(int length)
    {
        string file = _folder.File("model.bin", Llmc(new SmallModel(SmallModel.Odd), 3, padded: 256)[..length]);
        Assert.Contains("truncated", Assert.Throws<UserException>(() => LlmcCheckpoint.Open(file)).Message);
    }

    [Theory]
    [InlineData("pytorch_model.bin", "pickle")]
    [InlineData("ckpt.pt", "pickle")]
    [InlineData("tf_model.h5", "not read")]
    [InlineData("model.gguf", "not read")]
    public void OtherFormat_AloneInTheFolder_IsRefusedByName(string file, string expected)
    {
        _folder.File("config.json", HfConfig.Write(SmallModel.Tiny));
        _folder.File(file, "PK");
        string message = Refused();
        Assert.Contains(file, message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData("pytorch_model.bin")]
    public void LfsPointer_InPlaceOfAFile_IsNamed(string file)
    {
        var weights = new SmallModel(SmallModel.Tiny);
        Write(weights.Config, Tensors(weights));
        if (file.EndsWith(".bin")) File.Delete(_folder.At("model.safetensors"));
        _folder.File(file, "version https://git-lfs.github.com/spec/v1\noid "
            + "sha256:0000000000000000000000000000000000000000000000000000000000000000\nsize 548105171\n");
        string message = Refused();
        Assert.Contains(_folder.At(file), message);
        Assert.Contains("git lfs pull", message);
    }

    /// <summary>Configurations as published with GPT-2's sizes.</summary>
    [Theory]
    [InlineData("gpt2", 12, "{\"activation_function\":\"gelu_new\",\"architectures\":[\"GPT2LMHeadModel\"],\"attn_pdrop\":0.1,\"bos_token_id\":50256,"
        + "\"embd_pdrop\":0.1,\"eos_token_id\":50256,\"initializer_range\":0.02,\"layer_norm_epsilon\":1e-05,\"model_type\":\"gpt2\",\"n_ctx\":1024,"
            + "\"n_embd\":768,\"n_head\":12,\"n_layer\":12,\"n_positions\":1024,\"resid_pdrop\":0.1,\"summary_activation\":null,"
                + "\"summary_first_dropout\":0.1,\"summary_proj_to_labels\":true,\"summary_type\":\"cls_index\",\"summary_use_proj\":true,"
                    + "\"task_specific_params\":{\"text-generation\":{\"do_sample\":true,\"max_length\":50}},\"vocab_size\":50257}")]
    [InlineData("gpt2-medium", 24, "{\"activation_function\":\"gelu_new\",\"n_ctx\":1024,\"n_embd\":1024,\"n_head\":16,\"n_layer\":24,"
        + "\"n_positions\":1024,\"n_special\":0,\"predict_special_tokens\":true,\"gradient_checkpointing\":false,\"n_inner\":null,"
            + "\"scale_attn_weights\":true,\"transformers_version\":\"4.6.0.dev0\",\"use_cache\":true,\"reorder_and_upcast_attn\":false,"
                + "\"scale_attn_by_inverse_layer_idx\":false,\"vocab_size\":50257,\"model_type\":\"gpt2\"}")]
    [InlineData("distilgpt2", 6, "{\"_num_labels\":1,\"activation_function\":\"gelu_new\",\"architectures\":[\"GPT2LMHeadModel\"],"
        + "\"bos_token_id\":50256,\"id2label\":{\"0\":\"LABEL_0\"},\"label2id\":{\"LABEL_0\":0},\"layer_norm_epsilon\":1e-05,\"model_type\":\"gpt2\","
            + "\"n_ctx\":1024,\"n_embd\":768,\"n_head\":12,\"n_layer\":6,\"n_positions\":1024,\"summary_type\":\"cls_index\",\"torchscript\":true,"
                + "\"is_decoder\":true,\"_name_or_path\":\"distilgpt2\",\"vocab_size\":50257}")]
    [InlineData("saved anew", 12, "{\"_attn_implementation_autoset\":true,\"dtype\":\"bfloat16\",\"pad_token_id\":null,\"add_cross_attention\":false,"
        + "\"output_past\":true,\"model_type\":\"gpt2\",\"n_embd\":768,\"n_head\":12,\"n_layer\":12,\"n_positions\":1024,\"vocab_size\":50257,"
            + "\"transformers.js_config\":{\"dtype\":\"q8\"}}")]
    public void Configuration_AsPublished_IsRead(string name, int layers, string json)
    {
        var config = HfConfig.Read(_folder.File("config.json", json));
        Assert.True((config.Layers, config.Context, config.Vocabulary, config.Gelu, config.TiedHead) == (layers, 1024, 50257, GeluForm.Tanh, true), name);
    }

    private sealed record Named(string Name, int[] Shape, float[] Values);

    private sealed class WithoutBiases(IWeights weights, bool without) : IWeights
    {
        public GptConfig Config => weights.Config;

        public void Read(string name, Span<float> destination)
        {
            weights.Read(name, destination);
            if (without && name.EndsWith(".bias")) destination.Clear();
        }
    }

    private void Write(GptConfig config, IEnumerable<Named> tensors)
    {
        _folder.File("config.json", HfConfig.Write(config));
        WriteTensors(tensors);
    }

    private void WriteTensors(IEnumerable<Named> tensors) =>
        Safetensors.Write(_folder.At("model.safetensors"), [.. tensors.Select(t => TensorWrite.Of(t.Name, t.Shape, t.Values))]);

    private void AssertOpens(IWeights expected)
    {
        using var opened = HfCheckpoint.Open(_folder.Path);
        foreach (var entry in expected.Config.Layout().Entries) Assert.Equal(Values(expected, entry.Name), Values(opened, entry.Name));
    }

    private string Refused() => Assert.Throws<UserException>(() => HfCheckpoint.Open(_folder.Path).Dispose()).Message;

    private static IEnumerable<Named> Tensors(IWeights weights) =>
        weights.Config.Layout().Entries.Select(e => new Named(e.Name, e.Shape, Values(weights, e.Name)));

    private static float[] Values(IWeights weights, string name)
    {
        var values = new float[weights.Config.Layout()[name].Length];
        weights.Read(name, values);
        return values;
    }

    /// <summary>A projection [in, out] as torch's Linear holds it: [out, in].</summary>
    private static Named AsLinear(Named t)
    {
        if (!t.Name.StartsWith("h.") || t.Shape.Length != 2) return t;
        var (rows, columns) = (t.Shape[0], t.Shape[1]);
        return t with { Shape = [columns, rows], Values = [.. Enumerable.Range(0, t.Values.Length).Select(e => t.Values[e % rows * columns + e / rows])] };
    }

    private static byte[] Llmc(IWeights weights, int version, int padded)
    {
        var config = weights.Config;
        var bytes = new MemoryStream();
        var header = new int[256];
        new[] { 20240326, version, config.Context, config.Vocabulary, config.Layers, config.Heads, config.Channels, padded }.CopyTo(header, 0);
        foreach (int word in header) bytes.Write(BitConverter.GetBytes(word));
        var tensors = Tensors(weights).Select(AsLinear).ToDictionary(t => t.Name, t => t.Values);
        string[] kinds = ["ln_1.weight", "ln_1.bias", "attn.c_attn.weight", "attn.c_attn.bias", "attn.c_proj.weight", "attn.c_proj.bias",
            "ln_2.weight", "ln_2.bias", "mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight", "mlp.c_proj.bias"];
        Put([.. tensors["wte.weight"], .. Enumerable.Repeat(99f, (padded - config.Vocabulary) * config.Channels)]);
        Put(tensors["wpe.weight"]);
        foreach (string kind in kinds)
            for (int l = 0; l < config.Layers; l++) Put(tensors[$"h.{l}.{kind}"]);
        Put(tensors["ln_f.weight"]);
        Put(tensors["ln_f.bias"]);
        return bytes.ToArray();

        void Put(float[] values) => bytes.Write(RawSafetensors.Encode(values, version == 3 ? "F32" : "BF16"));
    }

    private static float[] Logits(IWeights weights)
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, weights);
        using var pass = new GptPass(model, backend, 2, 9, PassKind.Forward);
        pass.Trunk(SmallModel.Ids(18, weights.Config.Vocabulary), 2, null);
        using var reader = new LogitReader(pass);
        return reader.Read();
    }
}
