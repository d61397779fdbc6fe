using System.Text.Json;

namespace LoraCollab.Data.Files;

/// <summary>
/// One JSON object of Hugging Face's making (config.json, adapter_config.json, tokenizer.json, ...), read key by key: a missing or mistyped key is named
/// together with its file. Keys that nobody reads are refused by <see cref="RefuseOthers"/>, unless their value says nothing.
/// </summary>
public sealed class HfJson
{
    /// <summary>Longer than any configuration, index of shards, or tokenizer of a GPT-2.</summary>
    private const int LongestFile = 16 << 20;

    private readonly JsonElement _root;

    private HfJson(string path, JsonElement root) => (Path, _root) = (path, root);

    /// <summary>The file, and within it the object: "tokenizer.json: model".</summary>
    public string Path { get; }

    /// <summary>Reads a file; a byte order mark is skipped, halves of surrogate pairs become U+FFFD.</summary>
    /// <exception cref="UserException">The file is missing, unreadable, too long, or not a JSON object.</exception>
    public static HfJson Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > LongestFile } file)
            throw new UserException($"{path}: {file.Length:N0} bytes, expected at most {LongestFile:N0} in a file of this kind");
        string text = TextFile.Read(path);
        return ForeignBytes.Read(path, "JSON", () =>
        {
            using var document = JsonDocument.Parse(ForeignBytes.WholeCharacters(text));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new UserException($"{path}: expected a JSON object, found {Name(document.RootElement)}");
            return new HfJson(path, document.RootElement.Clone());
        });
    }

    /// <summary>The value of a key, or null where it is absent or JSON's null.</summary>
    public JsonElement? Find(string key) => _root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Every key with its value, JSON's nulls among them; a key that stands twice comes twice.</summary>
    public IEnumerable<(string Key, JsonElement Value)> Members => _root.EnumerateObject().Select(m => (m.Name, m.Value));

    /// <summary>The object that a key holds, or null where it is absent or JSON's null.</summary>
    public HfJson? Object(string key) => Find(key) is { } value ? Object(key, value) : null;

    /// <summary>One of the <see cref="Members"/>, as an object.</summary>
    public HfJson Object(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? new HfJson($"{Path}: {ForeignText.Name(key)}", value) : throw Unexpected(key, value, "an object");

    /// <summary>The objects in the list that a key holds; none where it is absent or JSON's null.</summary>
    public IEnumerable<HfJson> Objects(string key)
    {
        if (Find(key) is not { } list) return [];
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.Object))
            throw Unexpected(key, list, "a list of objects");
        return list.EnumerateArray().Select((e, i) => new HfJson($"{Path}: {key}[{i}]", e));
    }

    public int Int(string key, int? otherwise = null)
    {
        if (Find(key) is not { } value) return otherwise ?? throw Missing(key);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Unexpected(key, value, "a whole number");
    }

    public double Number(string key, double? otherwise = null)
    {
        if (Find(key) is not { } value) return otherwise ?? throw Missing(key);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)) return number;
        throw Unexpected(key, value, "a finite number");
    }

    public bool Flag(string key, bool otherwise) => Flag(key) ?? otherwise;

    /// <summary>true, false, or null where the key is absent or JSON's null.</summary>
    public bool? Flag(string key)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Unexpected(key, value, "true or false");
    }

    public string? Text(string key)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Unexpected(key, value, "a string");
    }

    /// <summary>One string, or a list of them; two nulls where the key is absent or JSON's null.</summary>
    public (string? One, string[]? Several) Texts(string key) => Find(key) switch
    {
        null => (null, null),
        { ValueKind: JsonValueKind.String } text => (text.GetString(), null),
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) =>
            (null, [.. list.EnumerateArray().Select(e => e.GetString()!)]),
        { } other => throw Unexpected(key, other, "a string or a list of strings"),
    };

    /// <summary>Refuses a key whose value would change the results: anything but absent, null, false, or an empty text, list or object.</summary>
    /// <param name="key">The key.</param>
    /// <param name="changes">What it would change.</param>
    public void Refuse(string key, string changes = "the arithmetic")
    {
        if (Find(key) is not { } value || SaysNothing(value)) return;
        throw new UserException($"{Path}: {key} = {Short(value)} is not supported: it would change {changes}");
    }

    /// <summary>
    /// Refuses every key that is not among those that are read or known to change nothing, unless its value is null, false or empty: what it would do is not
    /// known, and every release of those libraries has new ones. A key that stands twice is refused too: which of the two counts differs from reader to reader.
    /// </summary>
    public void RefuseOthers(params IEnumerable<string> known)
    {
        HashSet<string> allowed = known.ToHashSet(StringComparer.Ordinal), seen = [];
        foreach (var member in _root.EnumerateObject())
            if (!seen.Add(member.Name)) throw new UserException($"{Path}: the key {ForeignText.Quoted(member.Name)} stands twice: keep one of them");
            else if (!allowed.Contains(member.Name) && !SaysNothing(member.Value))
                throw new UserException(
                    $"{Path}: the key {ForeignText.Quoted(member.Name)} = {Short(member.Value)} is not known here, nor what it would change; "
                    + "if it changes nothing, take it out of the file");
    }

    public UserException Unexpected(string key, JsonElement value, string expected) =>
        new($"{Path}: {ForeignText.Name(key)} is {Short(value)}, expected {expected}");

    private UserException Missing(string key) => new($"{Path}: the key {key} is missing");

    private static bool SaysNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False or JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => value.GetRawText(),
    };

    /// <summary>A value as it stands in the file, cut where it is long.</summary>
    public static string Short(JsonElement value)
    {
        string text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
