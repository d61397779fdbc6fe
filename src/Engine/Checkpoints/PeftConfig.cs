using System.Text.Json;
using System.Text.Json.Nodes;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>
/// PEFT's <c>adapter_config.json</c>. A key that is not known (<see cref="AdapterKeys"/>) and has a value, and a value that changes the arithmetic in a
/// way that is not supported, are refused by name.
/// </summary>
public sealed class PeftConfig
{
    /// <summary>Patterns beyond this many are no adapter's of a GPT-2.</summary>
    private const int MostPatterns = 1000;

    /// <summary>
    /// These leave the base's weights as they are. Others (pissa, olora, corda, loftq, lora_ga) change them, and the adapter is wrong without the
    /// change.
    /// </summary>
    private static readonly string[] s_initialisations = ["gaussian", "orthogonal", "eva"];

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private readonly HfJson _json;
    private readonly ModulePattern? _targets, _excluded;
    private readonly HashSet<int>? _layers;
    private readonly LoraOptions _form;

    private PeftConfig(HfJson json)
    {
        _json = json;
        (_targets, _excluded) = (ModulePattern.Read(json, "target_modules"), ModulePattern.Read(json, "exclude_modules"));
        _layers = ReadLayers(json);
        _form = new LoraOptions
        {
            Rank = json.Int("r"),
            Alpha = json.Number("lora_alpha", 8),
            Dropout = (float)json.Number("lora_dropout", 0),
            RankStabilised = json.Flag("use_rslora", false),
        }.Checked(json.Path);
    }

    /// <summary>The file.</summary>
    public string Path => _json.Path;

    /// <exception cref="UserException">The file is missing or no JSON, or a setting is missing, impossible or not supported.</exception>
    public static PeftConfig Read(string path)
    {
        var json = HfJson.Read(path);
        if ((json.Text("peft_type") ?? "LORA") is var type && !type.Equals("LORA", StringComparison.OrdinalIgnoreCase))
            throw new UserException($"{path}: peft_type is {ForeignText.Quoted(type)}, expected 'LORA'");
        json.RefuseOthers(AdapterKeys.Known);
        if ((json.Text("bias") ?? "none") is var bias && bias != "none")
            throw new UserException($"{path}: bias = {ForeignText.Quoted(bias)} is not supported: expected 'none'");
        RequireUnchangedBase(json);
        return new PeftConfig(json);
    }

    /// <summary>Whether a projection of a layer is to have an adapter; null where an expression cannot be asked, and the tensors have to tell.</summary>
    internal bool? Means(int layer, Projection projection)
    {
        string path = projection.NameIn(layer);
        if (_layers is not null && !_layers.Contains(layer)) return false;
        if (_excluded?.Means(path) is true) return false;
        return _excluded is not null && _excluded.Means(path) is null ? null : _targets?.Means(path);
    }

    /// <summary>The adapter's form, the same at every place.</summary>
    /// <param name="sites">Where the file has adapters.</param>
    /// <exception cref="UserException">There are none; or rank_pattern or alpha_pattern gives the places different numbers.</exception>
    internal LoraOptions FormOf(IReadOnlyCollection<(int Layer, Projection Projection)> sites)
    {
        var targets = sites.Aggregate(LoraTargets.None, (all, site) => all | (LoraTargets)(1 << (int)site.Projection));
        return (_form with
        {
            Rank = (int)Uniform("rank_pattern", _form.Rank, sites),
            Alpha = Uniform("alpha_pattern", _form.Alpha, sites),
            Targets = targets,
        }).Checked(Path);
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
    }.ToJsonString(s_indented) + "\n";

    private static void RequireUnchangedBase(HfJson json)
    {
        if (json.Find("init_lora_weights") is not { } start || start.ValueKind is JsonValueKind.True or JsonValueKind.False) return;
        if (start.ValueKind == JsonValueKind.String && s_initialisations.Contains(start.GetString()!.ToLowerInvariant())) return;
        throw new UserException($"{json.Path}: init_lora_weights = {HfJson.Short(start)} is not supported: it may have changed the base model; "
            + "expected true, false, "
            + $"{string.Join(" or ", s_initialisations)}; or convert the adapter to a plain one with PEFT");
    }

    /// <summary>The layers that have adapters at all; null: all of them.</summary>
    private static HashSet<int>? ReadLayers(HfJson json)
    {
        if (json.Find("layers_to_transform") is not { } value) return null;
        JsonElement[] elements = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (elements.Length == 0) return null;
        if (!elements.All(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out int layer) && layer >= 0))
            throw json.Unexpected("layers_to_transform", value, "a layer's number or a list of them, from 0");
        var (one, several) = json.Texts("layers_pattern");
        string[] names = several ?? (string.IsNullOrEmpty(one) ? [] : [one]);
        if (names.Length > 0 && !names.Contains("h"))
            throw json.Unexpected("layers_pattern", json.Find("layers_pattern")!.Value, "'h', as GPT-2's layers are called");
        return [.. elements.Select(e => e.GetInt32())];
    }

    /// <summary>What a pattern gives all places; the first key that means a place counts, as in PEFT.</summary>
    private double Uniform(string key, double otherwise, IReadOnlyCollection<(int Layer, Projection Projection)> sites)
    {
        var members = _json.Object(key)?.Members.ToArray() ?? [];
        if (members.Length == 0) return otherwise;
        if (members.Length > MostPatterns) throw new UserException($"{Path}: {key} has {members.Length} entries, expected at most {MostPatterns}");
        var patterns = members.Select(m =>
            (Expression: ModulePattern.Expression($"{Path}: {key}", m.Key, @"(?:.*\.)?"), Value: ReadNumber(key, m.Key, m.Value))).ToArray();
        if (patterns.Any(p => p.Expression is null))
            throw new UserException($"{Path}: {key} holds a regular expression that looks around or refers back: not supported");
        double[] values = [.. sites.Select(s => patterns.Where(p => p.Expression!.IsMatch("transformer." + s.Projection.NameIn(s.Layer)))
            .Select(p => (double?)p.Value).FirstOrDefault() ?? otherwise).Distinct()];
        return values is [var same] ? same
            : throw new UserException($"{Path}: {key} gives layers different values ({string.Join(", ", values.Take(4))}): not supported, they have "
                + "to be the same everywhere");
    }

    private double ReadNumber(string key, string pattern, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number is > 0 and < int.MaxValue
            && (key != "rank_pattern" || number == Math.Floor(number))) return number;
        throw _json.Unexpected($"{key}.{pattern}", value, "a positive number");
    }
}

/// <summary>
/// The keys of PEFT's LoraConfig. Any other with a value is refused: PEFT grows new switches with every release, and each changes the
/// numbers.
/// </summary>
internal static class AdapterKeys
{
    /// <summary>Read, and honoured or refused by their value.</summary>
    private static readonly string[] s_read =
    [
        "peft_type", "r", "lora_alpha", "lora_dropout", "use_rslora", "bias", "init_lora_weights", "target_modules", "exclude_modules",
        "layers_to_transform", "layers_pattern", "rank_pattern", "alpha_pattern",
    ];

    private static readonly string[] s_harmless =
    [
        // Where the adapter comes from, and what for.
        "base_model_name_or_path", "revision", "task_type", "auto_mapping", "peft_version", "inference_mode",
        // How weights of the base are stored: PEFT itself puts it right for GPT-2, and A and B are the same either way.
        "fan_in_fan_out",
        // Whether evaluation folds the adapter into the base: the same numbers.
        "merge_weights",
        // Where tensors lie while PEFT loads them.
        "runtime_config",
        // Read only beside megatron_config and use_qalora, which are refused.
        "megatron_core", "qalora_group_size",
        // How EVA found the first A; the base stays as it is, and ranks that it dealt out stand in rank_pattern.
        "eva_config",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlySet<string> Known { get; } = s_read.Concat(s_harmless).ToHashSet();
}
