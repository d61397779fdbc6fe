using System.Globalization;
using System.Text.Json;

namespace LoraCollab.Data.Corpus;

/// <summary>
/// A field of a JSON object by its name, or by its path where it lies deeper: "messages.0.content" is the content of the first of the messages. A key that has
/// dots itself wins over a path.
/// </summary>
internal static class JsonField
{
    public static JsonElement? Find(JsonElement at, string path)
    {
        if (Step(at, path) is { } found) return found;
        for (int dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
            if (Step(at, path[..dot]) is { } next && Find(next, path[(dot + 1)..]) is { } deeper)
                return deeper;
        return null;
    }

    /// <summary>Its text; of a number, true and false what is written.</summary>
    /// <param name="row">The object.</param>
    /// <param name="field">Name or path.</param>
    /// <param name="what">What it is: "text field".</param>
    /// <param name="origin">File and line, for messages.</param>
    /// <exception cref="UserException">There is no such field, or it is something else; the message says what there is.</exception>
    public static string Text(JsonElement row, string field, string what, string origin)
    {
        if (Find(row, field) is not { } value)
            throw new UserException($"{origin}: there is no field '{field}'; the fields are {Names(row)}; name one of them as the {what}");
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            JsonValueKind.Null => throw new UserException($"{origin}: field '{field}' must be text, found null"),
            _ => throw new UserException(
                $"{origin}: field '{field}' must be text, found {KindOf(value)} with {Names(value, field + ".")}; name one of them as the {what}"),
        };
    }

    /// <summary>What a value is, for messages.</summary>
    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => value.GetRawText(),
    };

    private static JsonElement? Step(JsonElement at, string key) => at.ValueKind switch
    {
        JsonValueKind.Object when at.TryGetProperty(key, out var value) => value,
        JsonValueKind.Array when int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < at.GetArrayLength() => at[index],
        _ => null,
    };

    /// <summary>The first fields that are not objects or lists themselves, by their paths.</summary>
    private static string Names(JsonElement row, string prefix = "")
    {
        const int Most = 12;
        string[] names = [.. Leaves(row, prefix, depth: 3).Take(Most + 1)];
        return names.Length == 0 ? "none" : string.Join(", ", names.Take(Most)) + (names.Length > Most ? ", …" : "");
    }

    private static IEnumerable<string> Leaves(JsonElement at, string prefix, int depth)
    {
        var children = at.ValueKind == JsonValueKind.Object ? at.EnumerateObject().Select(p => (p.Name, p.Value))
            : at.ValueKind == JsonValueKind.Array ? at.EnumerateArray().Take(1).Select(v => ("0", v)) : [];
        foreach (var (name, value) in children)
        {
            string path = prefix + (name.Length > ForeignText.LongestQuoted ? name[..ForeignText.LongestQuoted] + "…" : name);
            bool isDeeper = depth > 1 && value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
            foreach (string leaf in isDeeper ? Leaves(value, path + ".", depth - 1).DefaultIfEmpty(path) : [path]) yield return leaf;
        }
    }
}
