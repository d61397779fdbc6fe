using System.Text.Json;
using System.Text.Json.Nodes;
using LoraCollab.Data;
using LoraCollab.Kernels;

namespace LoraCollab.Engine;

/// <summary>Reads and writes the <c>config.json</c> of a Hugging Face GPT-2.</summary>
public static class HfConfig
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Unknown keys are ignored; a value that would change the arithmetic and is not supported is refused by name.</summary>
    /// <exception cref="UserException">The file is missing or no JSON, a size is missing or impossible, or a value is not supported.</exception>
    public static GptConfig Read(string path)
    {
        var json = HfJson.Read(path);
        string model = json.Text("model_type") ?? "gpt2";
        if (model != "gpt2") throw new UserException($"{path}: model_type is '{model}', expected 'gpt2'");
        json.Refuse("scale_attn_by_inverse_layer_idx");
        json.Refuse("add_cross_attention");
        json.Refuse("quantization_config");
        if (!json.Flag("scale_attn_weights", true))
            throw new UserException($"{path}: scale_attn_weights = false is not supported: it would change the arithmetic");
        int channels = json.Int("n_embd");
        int inner = json.Int("n_inner", 4 * channels);
        if (inner != 4 * channels) throw new UserException($"{path}: n_inner = {inner} is not supported: expected 4·n_embd = {4 * channels}");
        int? context = json.Find("n_positions") is null && json.Find("n_ctx") is not null ? json.Int("n_ctx") : null;
        return new GptConfig(json.Int("n_layer"), json.Int("n_head"), channels, json.Int("vocab_size"), context ?? json.Int("n_positions"))
        {
            Gelu = ReadGelu(path, json.Text("activation_function") ?? "gelu_new"),
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

    // gelu_pytorch_tanh and gelu_fast are other names of the same formula.
    private static GeluForm ReadGelu(string path, string name) => name switch
    {
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => GeluForm.Tanh,
        "gelu" => GeluForm.Erf,
        _ => throw new UserException($"{path}: activation_function '{name}' is not supported: expected gelu_new or gelu"),
    };
}
