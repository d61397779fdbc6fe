using System.Text.Json;
using LoraCollab.Data;

namespace LoraCollab.Engine;

/// <summary>
/// One JSON object of Hugging Face's making, read key by key: unknown keys are ignored, a missing or mistyped one is named together with its file.
/// </summary>
internal sealed class HfJson
{
    private readonly JsonElement _root;

    private HfJson(string path, JsonElement root) => (Path, _root) = (path, root);

    public string Path { get; }

    /// <exception cref="UserException">The file is missing, unreadable, or not a JSON object.</exception>
    public static HfJson Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new UserException($"{path}: expected a JSON object, found {document.RootElement.ValueKind}");
            return new HfJson(path, document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new UserException($"{path}: not valid JSON (line {e.LineNumber + 1}): is the file complete?", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserException($"{path}: no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The value of a key, or null where it is absent or JSON's null.</summary>
    public JsonElement? Find(string key) => _root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

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

    public bool Flag(string key, bool otherwise)
    {
        if (Find(key) is not { } value) return otherwise;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Unexpected(key, value, "true or false");
    }

    public string? Text(string key)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Unexpected(key, value, "a string");
    }

    /// <summary>Refuses a key whose value would change the arithmetic: anything but absent, null, false, or an empty list or object.</summary>
    public void Refuse(string key)
    {
        if (Find(key) is not { } value || IsNothing(value)) return;
        throw new UserException($"{Path}: {key} = {Short(value)} is not supported: it would change the arithmetic");
    }

    public UserException Unexpected(string key, JsonElement value, string expected) => new($"{Path}: {key} is {Short(value)}, expected {expected}");

    private UserException Missing(string key) => new($"{Path}: the key {key} is missing");

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static string Short(JsonElement value)
    {
        string text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
