using System.Text.Json;

namespace LoraCollab.Testing.Damage;

/// <summary>Where a value of a JSON text lies, in bytes.</summary>
/// <param name="Key">Where its key begins; -1 without one.</param>
/// <param name="KeyEnd">Where its key ends.</param>
internal readonly record struct JsonSpan(int Key, int KeyEnd, int Start, int End, JsonTokenType Kind)
{
    private const int Most = 20_000;

    /// <summary>Where the value, with its key, begins.</summary>
    public int First => Key < 0 ? Start : Key;

    /// <summary>All values of a text, as far as it is JSON.</summary>
    public static List<JsonSpan> Of(byte[] json)
    {
        var found = new List<JsonSpan>();
        var open = new Stack<JsonSpan>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 200 });
        (int Key, int End) name = (-1, -1);
        try
        {
            while (found.Count < Most && reader.Read())
            {
                int start = (int)reader.TokenStartIndex, end = (int)reader.BytesConsumed;
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    name = (start, start + reader.ValueSpan.Length + 2);
                    continue;
                }
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) found.Add(open.Pop() with { End = end });
                else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    open.Push(new JsonSpan(name.Key, name.End, start, end, reader.TokenType));
                else found.Add(new JsonSpan(name.Key, name.End, start, end, reader.TokenType));
                name = (-1, -1);
            }
        }
        catch (JsonException)
        {
            // What came before the fault is enough.
        }
        return found;
    }
}
