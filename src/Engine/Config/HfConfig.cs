using System.Text.Json;
using System.Text.Json.Nodes;

namespace LoraCollab.Engine.Config;

/// <summary>Reads and writes the <c>config.json</c> of a Hugging Face GPT-2; reads that of a nanoGPT.</summary>
public static class HfConfig
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>A key that is not known and has a value, and a value that would change the arithmetic and is not supported, are refused by name.</summary>
    /// <exception cref="UserException">The file is missing or no JSON, a size is missing or impossible, or a key or value is not supported.</exception>
    public static GptConfig Read(string path) => Read(path, out _);

    /// <summary>As <see cref="Read(string)"/>; a nanoGPT's configuration, which has a block_size, is read too.</summary>
    /// <param name="path">The file.</param>
    /// <param name="biases">False where a nanoGPT has no biases.</param>
    /// <exception cref="UserException">As there.</exception>
    internal static GptConfig Read(string path, out bool biases)
    {
        var json = HfJson.Read(path);
        json.RefuseOthers(ModelKeys.Known);
        string model = json.Text("model_type") ?? "gpt2";
        if (model != "gpt2") throw new UserException($"{path}: model_type is {ForeignText.Quoted(model)}, expected 'gpt2'");
        if (!json.Flag("scale_attn_weights", true))
            throw new UserException($"{path}: scale_attn_weights = false is not supported: it would change the arithmetic");
        bool nano = json.Find("block_size") is not null;
        biases = json.Flag("bias", true);
        if (!biases && !nano) throw new UserException($"{path}: bias = false is known from nanoGPT's configurations alone, which have a block_size");
        int channels = Size(json, "n_embd", "hidden_size");
        if (json.Find("n_inner") is not null && json.Int("n_inner") != 4L * channels)
            throw new UserException($"{path}: n_inner = {json.Int("n_inner")} is not supported: expected 4·n_embd = {4L * channels}");
        int context = json.Find("n_positions") is null && json.Find("max_position_embeddings") is null && !nano && json.Find("n_ctx") is not null
            ? json.Int("n_ctx") : Size(json, "n_positions", nano ? "block_size" : "max_position_embeddings");
        return new GptConfig(Size(json, "n_layer", "num_hidden_layers"), Size(json, "n_head", "num_attention_heads"), channels, json.Int("vocab_size"), context)
        {
            Gelu = ReadGelu(path, json.Text("activation_function") ?? (nano ? "gelu" : "gelu_new")),
            LayerNormEpsilon = (float)json.Number("layer_norm_epsilon", 1e-5),
            TiedHead = json.Flag("tie_word_embeddings", true),
        }.Checked(path);
    }

    /// <summary>The JSON text that transformers reads back as the same model.</summary>
    public static string Write(GptConfig config) => new JsonObject
    {
        ["architectures"] = new JsonArray("GPT2LMHeadModel"),
        ["model_type"] = "gpt2",
        ["n_layer"] = config.Layers,
        ["n_head"] = config.Heads,
        ["n_embd"] = config.Channels,
        ["vocab_size"] = config.Vocabulary,
        ["n_positions"] = config.Context,
        ["n_ctx"] = config.Context,
        ["activation_function"] = config.Gelu == GeluForm.Tanh ? "gelu_new" : "gelu",
        ["layer_norm_epsilon"] = config.LayerNormEpsilon,
        ["tie_word_embeddings"] = config.TiedHead,
    }.ToJsonString(Indented) + "\n";

    /// <summary>A size that has two names; where both are given, they have to agree.</summary>
    private static int Size(HfJson json, string name, string alias)
    {
        if (json.Find(alias) is null) return json.Int(name);
        int value = json.Int(alias), named = json.Int(name, value);
        return named == value ? value : throw new UserException($"{json.Path}: {name} is {named} and {alias}, which means the same, is {value}");
    }

    // gelu_pytorch_tanh and gelu_fast are other names of the same formula.
    private static GeluForm ReadGelu(string path, string name) => name switch
    {
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => GeluForm.Tanh,
        "gelu" => GeluForm.Erf,
        _ => throw new UserException($"{path}: activation_function {ForeignText.Quoted(name)} is not supported: expected gelu_new or gelu"),
    };
}
