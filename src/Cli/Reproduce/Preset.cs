using System.Text.Json;
using LoraCollab.Cli.Collab;
using LoraCollab.Cli.Parsing;
using LoraCollab.Data;

namespace LoraCollab.Cli.Reproduce;

/// <summary>
/// experiments/NAME.json: a collab command line for each scale. Keys under options are collab's options without dashes. Of options that are set more than
/// once the last wins: the
/// preset's, the scale's, those of its conditions that hold, the command line's.
/// </summary>
internal sealed record Preset
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>One line for people.</summary>
    public required string About { get; init; }

    /// <summary>The preset whose options these build on: what a figure varies.</summary>
    public string? Base { get; init; }

    /// <summary>The option that is varied; null where none is.</summary>
    public string? Over { get; init; }

    /// <summary>Whether the text is the user's: --data PATH.</summary>
    public bool NeedsData { get; init; }

    /// <summary>The trap of its mixed distribution: 22 or 27; null where there is none.</summary>
    public int? MixedTrap { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>By name: tiny, small, paper.</summary>
    public required IReadOnlyDictionary<string, PresetScale> Scales { get; init; }

    /// <summary>Names of all that ship with the program.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Shipped.Experiments, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    /// <exception cref="UserException">There is none of that name, or it is not one.</exception>
    public static Preset Open(string name) =>
        Names.Contains(name) ? Read(Path.Combine(Shipped.Experiments, name + ".json")) : throw Choice.Unknown("--preset", name, Names);

    /// <exception cref="UserException">The file has a key or an option that is not known, or lacks one.</exception>
    public static Preset Read(string file)
    {
        try
        {
            var preset = JsonSerializer.Deserialize<Preset>(TextFile.Read(file), s_json) ?? throw new UserException($"{file}: expected an object, found null");
            foreach (string name in preset.OptionNames())
                if (!CollabOptions.Names.Contains(name))
                    throw new UserException($"{file}: collab has no option '{name}'"
                        + $"{(Nearest.To(name, CollabOptions.Names) is { } guess ? $"; did you mean {guess}?" : "")}");
            return preset;
        }
        catch (JsonException e)
        {
            throw new UserException($"{file}: not a preset: {JsonFault.Plain(e)}", e);
        }
    }

    /// <exception cref="UserException">The preset has no such scale.</exception>
    public PresetScale Scale(string name) => Scales.TryGetValue(name, out var scale) ? scale : throw Choice.Unknown("--scale", name, Scales.Keys);

    /// <summary>The options of one run before those of the command line, by name.</summary>
    public IReadOnlyDictionary<string, string> OptionsFor(string scale, string distribution, string compat)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        var chosen = Scale(scale);
        var layers = new[] { Options, chosen.Options }.Concat(chosen.Where.Where(w => w.Holds(distribution, compat)).Select(w => w.Options));
        foreach (var layer in layers)
            foreach (var (name, value) in layer) all[name] = Text(name, value);
        return all;
    }

    private IEnumerable<string> OptionNames() =>
        Options.Keys.Concat(Scales.Values.SelectMany(s => s.Options.Keys.Concat(s.Where.SelectMany(w => w.Options.Keys)))).Concat(Over is null ? [] : [Over]);

    private static string Text(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        _ => throw new UserException($"experiments: the option '{name}' has the value {value.GetRawText()}; expected a text, a number or true"),
    };
}
