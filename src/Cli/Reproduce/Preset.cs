using System.Text.Json;

namespace LoraCollab.Cli.Reproduce;

/// <summary>
/// experiments/NAME.json: a collab command line for each scale. Keys under options are collab's options without dashes. Of options that are set more than
/// once the last wins: the
/// preset's, the scale's, those of its conditions that hold, the command line's.
/// </summary>
internal sealed record Preset
{
    private static readonly JsonSerializerOptions s_json = OwnJson.Strict(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    });

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
        Names.Contains(name) ? Read(Path.Combine(Shipped.Experiments, name + ".json")) : throw OptionException.Unknown("preset", name, Names);

    /// <exception cref="UserException">The file has a key or an option that is not known, or lacks one.</exception>
    public static Preset Read(string file)
    {
        var preset = OwnJson.Parse<Preset>(file, "a preset", TextFile.Read(file), s_json);
        if (preset.Scales.FirstOrDefault(s => s.Value is null).Key is { } empty)
            throw new UserException($"{file}: the scale {ForeignText.Quoted(empty)} is null");
        foreach (var (name, value) in preset.AllOptions())
        {
            RequireKnown(file, name);
            if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True))
                throw new UserException($"{file}: the option '{name}' has the value {ForeignText.Quoted(value.GetRawText())}; "
                    + "expected a text, a number or true");
        }
        if (preset.Over is { } over) RequireKnown(file, over);
        return preset;
    }

    /// <exception cref="UserException">The preset has no such scale.</exception>
    public PresetScale Scale(string name) => Scales.TryGetValue(name, out var scale) ? scale : throw OptionException.Unknown("scale", name, Scales.Keys);

    /// <summary>The options of one run before those of the command line, by name.</summary>
    public IReadOnlyDictionary<string, string> OptionsFor(string scale, string distribution, string compat)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        var chosen = Scale(scale);
        var layers = new[] { Options, chosen.Options }.Concat(chosen.Where.Where(w => w.Holds(distribution, compat)).Select(w => w.Options));
        foreach (var layer in layers)
            foreach (var (name, value) in layer) all[name] = Text(value);
        return all;
    }

    private static void RequireKnown(string file, string name)
    {
        if (OptionTable.Find(typeof(CollabCommand), name) is null)
            throw new UserException($"{file}: collab has no option {ForeignText.Quoted(name)}"
                + $"{(Nearest.To(name, OptionTable.Of(typeof(CollabCommand)).Select(o => o.Name)) is { } guess ? $"; did you mean {guess}?" : "")}");
    }

    private IEnumerable<KeyValuePair<string, JsonElement>> AllOptions() =>
        Options.Concat(Scales.Values.SelectMany(s => s.Options.Concat(s.Where.SelectMany(w => w.Options))));

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => "true",
    };
}
