using System.Text;
using System.Text.Json.Nodes;

namespace LoraCollab.Cli.Tests;

/// <summary>Damaged, foreign and unfitting model and adapter files, as a user meets them: through a command.</summary>
public sealed class BadModelTests : IDisposable
{
    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    private void Refused(params string[] expected) => CliRun.Refused(expected, model.On("eval"));

    private string Weights => Path.Combine(model.Folder, "model.safetensors");

    private void Configure(string key, JsonNode? value)
    {
        string path = Path.Combine(model.Folder, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config[key] = value;
        File.WriteAllText(path, config.ToJsonString());
    }

    /// <summary>Overwrites the first number of a tensor.</summary>
    private static void Poison(string file, float value)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int start = 8 + (int)BitConverter.ToInt64(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(start), value);
        File.WriteAllBytes(file, bytes);
    }

    [Fact]
    public void Model_WithoutConfig_IsRefused()
    {
        File.Delete(Path.Combine(model.Folder, "config.json"));
        Refused("config.json");
    }

    [Fact]
    public void Model_WithoutWeights_IsRefused()
    {
        File.Delete(Weights);
        Refused("model.safetensors");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("PK\u0003\u0004 a foreign file")]
    public void Model_ConfigThatIsNoObject_IsRefused(string content)
    {
        File.WriteAllText(Path.Combine(model.Folder, "config.json"), content);
        Refused("config.json");
    }

    [Theory]
    [InlineData("n_embd", "12")]
    [InlineData("n_layer", "2")]
    [InlineData("n_layer", "-1")]
    [InlineData("n_head", "3")]
    [InlineData("n_embd", "1.5")]
    [InlineData("vocab_size", "7")]
    [InlineData("n_inner", "9")]
    [InlineData("activation_function", "\"relu\"")]
    [InlineData("scale_attn_by_inverse_layer_idx", "true")]
    [InlineData("add_cross_attention", "true")]
    [InlineData("model_type", "\"llama\"")]
    public void Model_ConfigThatDoesNotFit_IsRefused(string key, string value)
    {
        Configure(key, JsonNode.Parse(value));
        Refused(model.Folder);
    }

    [Fact]
    public void Model_UnknownConfigKey_IsRefusedByNameUnlessItSaysNothing()
    {
        Configure("a_key_of_the_future", 7);
        Refused("config.json", "'a_key_of_the_future'");
        Configure("a_key_of_the_future", false);
        Assert.Equal(0, CliRun.Of(model.On("eval")).ExitCode);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Model_WeightThatIsNotFinite_IsRefusedByTensor(float value)
    {
        Poison(Weights, value);
        Refused("wte.weight");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(-1)]
    public void Model_TruncatedWeights_AreRefused(int length)
    {
        byte[] bytes = File.ReadAllBytes(Weights);
        File.WriteAllBytes(Weights, bytes[..(length < 0 ? bytes.Length + length : length)]);
        Refused("model.safetensors");
    }

    [Fact]
    public void Model_HeaderThatPromisesTooMuch_IsRefused()
    {
        byte[] bytes = File.ReadAllBytes(Weights);
        BitConverter.TryWriteBytes(bytes, long.MaxValue / 2);
        File.WriteAllBytes(Weights, bytes);
        Refused("model.safetensors");
    }

    [Fact]
    public void Model_ForeignWeights_AreRefused()
    {
        File.WriteAllBytes(Weights, Encoding.ASCII.GetBytes("GGUF this is some other program's file, long enough to look real"));
        Refused("model.safetensors");
    }

    [Fact]
    public void Tokenizer_LargerThanTheModel_IsRefused()
    {
        CliRun.Of("train-tokenizer", "--data", model.Text, "--vocab", "300", "--out", model.At("big"));
        CliRun.Refused(["tokens, but", "knows only", "--tokenizer"], model.On("eval", "--tokenizer", model.At("big")));
    }

    [Fact]
    public void Sequence_OverTheContext_IsRefused() =>
        CliRun.Refused(["context"], "eval", "--model", model.Folder, "--data", model.Text, "--sequence-length", "17", "--backend", "reference");

    [Fact]
    public void Adapter_Damaged_IsRefused()
    {
        string adapter = model.At("adapter"), weights = Path.Combine(adapter, "adapter_model.safetensors");
        Assert.Equal(0, CliRun.Of(model.On("train", "--out", adapter, "--iterations", "1", "--rank", "2")).ExitCode);
        byte[] whole = File.ReadAllBytes(weights);
        void RefusedAdapter(params string[] expected) => CliRun.Refused(expected, model.On("eval", "--adapter", adapter));

        Poison(weights, float.NaN);
        RefusedAdapter("lora_A");
        File.WriteAllBytes(weights, whole[..(whole.Length / 2)]);
        RefusedAdapter("adapter_model.safetensors");
        File.Delete(weights);
        RefusedAdapter("adapter_model.safetensors");
        File.WriteAllBytes(weights, whole);

        string config = Path.Combine(adapter, "adapter_config.json");
        var good = JsonNode.Parse(File.ReadAllText(config))!;
        foreach (var (key, value) in new (string, string)[]
        {
            ("use_dora", "true"), ("bias", "\"all\""), ("rank_pattern", "{\"c_attn\": 8}"), ("modules_to_save", "[\"wte\"]"), ("r", "3"), ("r", "0"),
            ("target_modules", "[\"q_proj\"]"),
        })
        {
            var bad = good.DeepClone();
            bad[key] = JsonNode.Parse(value);
            File.WriteAllText(config, bad.ToJsonString());
            RefusedAdapter(adapter);
        }
        File.Delete(config);
        RefusedAdapter("adapter_config.json");
    }

    [Fact]
    public void Adapter_OfAnotherModel_IsRefused()
    {
        string other = model.At("other"), adapter = model.At("adapter");
        Assert.Equal(0, CliRun.Of([.. model.Pretrain(other, "1").Select(a => a == "8" ? "12" : a)]).ExitCode);
        Assert.Equal(0, CliRun.Of("train", "--model", other, "--data", model.Text, "--backend", "reference",
            "--sequence-length", "16", "--out", adapter, "--iterations", "1").ExitCode);
        CliRun.Refused([adapter, "another model"], model.On("eval", "--adapter", adapter));
    }
}
