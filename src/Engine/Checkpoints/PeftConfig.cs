using System.Text.Json;
using System.Text.Json.Nodes;
using LoraCollab.Data;

namespace LoraCollab.Engine;

/// <summary>
/// Reads and writes PEFT's <c>adapter_config.json</c>. Unknown keys are ignored; settings that change the arithmetic and are not supported are refused by
/// name.
/// </summary>
public static class PeftConfig
{
    private static readonly string[] Unsupported =
    [
        "use_dora", "modules_to_save", "rank_pattern", "alpha_pattern", "layers_to_transform", "exclude_modules", "lora_bias", "target_parameters",
        "trainable_token_indices", "layer_replication", "alora_invocation_tokens", "use_qalora", "megatron_config",
    ];

    // These initialisations also change the base's weights.
    private static readonly string[] BaseChanging = ["pissa", "olora", "loftq", "corda"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <exception cref="UserException">The file is missing or no JSON, or a setting is missing, impossible or not supported.</exception>
    public static LoraOptions Read(string path)
    {
        var json = HfJson.Read(path);
        if ((json.Text("peft_type") ?? "LORA") is var type && !type.Equals("LORA", StringComparison.OrdinalIgnoreCase))
            throw new UserException($"{path}: peft_type is '{type}', expected 'LORA'");
        foreach (string key in Unsupported) json.Refuse(key);
        if ((json.Text("bias") ?? "none") is var bias && bias != "none") throw new UserException($"{path}: bias = '{bias}' is not supported: expected 'none'");
        if (json.Find("init_lora_weights") is { ValueKind: JsonValueKind.String } start && ChangesTheBase(start.GetString()!))
            throw new UserException($"{path}: init_lora_weights = '{start.GetString()}' is not supported: it changes the base model");
        return new LoraOptions
        {
            Rank = json.Int("r"),
            Alpha = json.Number("lora_alpha", 8),
            Dropout = (float)json.Number("lora_dropout", 0),
            RankStabilised = json.Flag("use_rslora", false),
            Targets = ReadTargets(json),
        }.Checked(path);
    }

    /// <summary>The JSON text that PEFT reads back as the same form.</summary>
    public static string Write(LoraOptions options, string baseModel) => new JsonObject
    {
        ["peft_type"] = "LORA",
        ["task_type"] = "CAUSAL_LM",
        ["base_model_name_or_path"] = baseModel,
        ["r"] = options.Rank,
        ["lora_alpha"] = options.Alpha == Math.Floor(options.Alpha) && options.Alpha < int.MaxValue ? (JsonNode)(int)options.Alpha : options.Alpha,
        ["lora_dropout"] = (double)(decimal)options.Dropout,
        ["bias"] = "none",
        ["fan_in_fan_out"] = true,
        ["target_modules"] = new JsonArray([.. Projections.All.Where(options.Has).Select(p => (JsonNode)p.Path())]),
        ["inference_mode"] = true,
        ["modules_to_save"] = null,
        ["use_rslora"] = options.RankStabilised,
        ["use_dora"] = false,
    }.ToJsonString(Indented) + "\n";

    private static bool ChangesTheBase(string initialisation) => BaseChanging.Any(name => initialisation.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private static LoraTargets ReadTargets(HfJson json)
    {
        if (json.Find("target_modules") is not { } value) throw new UserException($"{json.Path}: the key target_modules is missing");
        var names = value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array when value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) =>
                value.EnumerateArray().Select(e => e.GetString()!).ToArray(),
            _ => throw json.Unexpected("target_modules", value, "module names"),
        };
        var targets = LoraTargets.None;
        foreach (string name in names) targets |= TargetsOf(json.Path, name);
        return targets;
    }

    /// <summary>A name stands for every projection whose path it is or ends, so that <c>c_proj</c> means both.</summary>
    private static LoraTargets TargetsOf(string path, string name)
    {
        var targets = LoraTargets.None;
        foreach (var p in Projections.All)
            if (p.Path() == name || p.Path().EndsWith("." + name, StringComparison.Ordinal)) targets |= (LoraTargets)(1 << (int)p);
        return targets != LoraTargets.None
            ? targets
            : throw new UserException($"{path}: target_modules names '{name}', expected projections of every block "
                + $"({string.Join(", ", Projections.All.Select(p => p.Path()))} or a suffix; no pattern)");
    }
}
