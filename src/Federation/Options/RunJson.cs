using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LoraCollab.Federation.Options;

/// <summary>
/// How this project's own JSON is written and read: snake_case keys, enumerations by name, unknown keys are errors. What is not finite stands as "NaN" or
/// "Infinity".
/// </summary>
internal static class RunJson
{
    private static readonly JsonSerializerOptions Compact = Options(indented: false), Indented = Options(indented: true);

    /// <summary>One line, without the line break.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>A whole file.</summary>
    public static string File<T>(T value) => JsonSerializer.Serialize(value, Indented) + "\n";

    /// <summary>One line with the keys of every object in order: equal values give equal bytes.</summary>
    public static string Canonical<T>(T value) => Sorted(JsonSerializer.SerializeToNode(value, Compact))?.ToJsonString(Compact) ?? "null";

    /// <summary>Every leaf by its path: "options.seed" → "1".</summary>
    public static IReadOnlyDictionary<string, string> Flat<T>(T value)
    {
        var leaves = new Dictionary<string, string>();
        Walk("", JsonSerializer.SerializeToNode(value, Compact));
        return leaves;

        void Walk(string path, JsonNode? node)
        {
            if (node is JsonObject o)
                foreach (var (key, child) in o) Walk(path.Length == 0 ? key : $"{path}.{key}", child);
            else
                leaves[path] = node?.ToJsonString(Compact) ?? "null";
        }
    }

    /// <exception cref="UserException">The text is no JSON, lacks a key or has one that is not known; the message names the origin.</exception>
    public static T Parse<T>(string origin, string text) => OwnJson.Parse<T>(origin, "a file of this program's making", text, Compact);

    /// <summary>As <see cref="Parse"/>, of a file of which <paramref name="text"/> is the line of that number, from 1.</summary>
    /// <exception cref="UserException">As there; the message names the line.</exception>
    public static T ParseLine<T>(string file, int number, string text) => OwnJson.Parse<T>(file, "a line of this program's making", text, Compact, number);

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonSerializerOptions Options(bool indented) => OwnJson.Strict(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new CompatConverter() },
    });

    private sealed class CompatConverter : JsonConverter<Compat>
    {
        public override Compat Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Compat.ParseName(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Compat value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
