using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LoraCollab.Data.Corpus;

/// <summary>The objects of a JSON file: one per line, or the elements of one array. Broken characters become U+FFFD.</summary>
internal static class JsonRows
{
    private const string Expected = "expected a JSON object on one line";

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <param name="file">The file.</param>
    /// <param name="bytes">What it holds.</param>
    /// <param name="reading">Told which rows were mended.</param>
    /// <param name="read">Given every object and where it stands: "line 7", in an array "row 7".</param>
    /// <exception cref="UserException">Something else stands there; the message names file and place.</exception>
    public static void ForEach(SourceFile file, byte[] bytes, CorpusReading reading, Action<JsonElement, string> read)
    {
        if (BeginsWith(bytes, '[')) ForEachElement(file, bytes, reading, read);
        else ForEachLine(file, bytes, reading, read);
    }

    /// <summary>
    /// The first object of a file, if objects, one per line, or an array of them begin it; null where something else does, or where it cannot be read.
    /// </summary>
    public static JsonElement? First(string path)
    {
        try
        {
            var bytes = Mend(Beginning(path)).Bytes.Span;
            var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
            if (!reader.Read() || (reader.TokenType == JsonTokenType.StartArray && !reader.Read())) return null;
            if (reader.TokenType != JsonTokenType.StartObject) return null;
            int start = (int)reader.TokenStartIndex;
            if (!JsonDocument.TryParseValue(ref reader, out var json)) return null;
            using (json)
                return BeginsWith(bytes, '[') || !bytes[start..(int)reader.BytesConsumed].Contains((byte)'\n') ? json.RootElement.Clone() : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidDataException or UserException)
        {
            return null;
        }
    }

    private static void ForEachLine(SourceFile file, byte[] bytes, CorpusReading reading, Action<JsonElement, string> read)
    {
        for (int start = 0, number = 1; start < bytes.Length; number++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0) length = bytes.Length - start;
            var (line, isMended) = Mend(bytes.AsMemory(start, length));
            start += length + 1;
            if (IsBlank(line.Span)) continue;
            string place = FormattableString.Invariant($"line {number}"), origin = $"{file.Path}: {place}";
            if (isMended) reading.Notes.Add(ReadingNote.Mended, $"{file.Name} {place}");
            using var json = Parse(line, origin);
            ForeignBytes.Read(origin, "JSON lines", () => Read(json.RootElement, file, place, read));
        }
    }

    private static void ForEachElement(SourceFile file, byte[] bytes, CorpusReading reading, Action<JsonElement, string> read)
    {
        var (array, isMended) = Mend(bytes);
        if (isMended) reading.Notes.Add(ReadingNote.Mended, file.Name);
        ForeignBytes.Read(file.Path, "one JSON array of objects", () =>
        {
            var reader = new Utf8JsonReader(array.Span);
            reader.Read();
            for (int number = 1; reader.Read() && reader.TokenType != JsonTokenType.EndArray; number++)
            {
                using var json = JsonDocument.ParseValue(ref reader);
                Read(json.RootElement, file, FormattableString.Invariant($"row {number}"), read);
            }
            return !reader.Read(); // what stands behind the array is an error
        });
    }

    private static bool Read(JsonElement row, SourceFile file, string place, Action<JsonElement, string> read)
    {
        if (row.ValueKind != JsonValueKind.Object) throw new UserException($"{file.Path}: {place}: expected a JSON object, found {JsonField.KindOf(row)}");
        read(row, place);
        return true;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> line, string origin)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            throw new UserException($"{origin}: {Expected}: {JsonFault.InLine(e)}", e);
        }
    }

    /// <summary>JSON of which every string can be read, without a byte order mark; and whether a character was broken.</summary>
    private static (ReadOnlyMemory<byte> Bytes, bool IsMended) Mend(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith(ByteOrderMark)) json = json[ByteOrderMark.Length..];
        bool isValid = Utf8.IsValid(json.Span);
        if (isValid && json.Span.IndexOf("\\u"u8) < 0) return (json, false);
        string text = Encoding.UTF8.GetString(json.Span), whole = ForeignBytes.WholeCharacters(text);
        bool isMended = !isValid || !ReferenceEquals(whole, text);
        return (isMended ? Encoding.UTF8.GetBytes(whole) : json, isMended);
    }

    /// <summary>Whether that is the first character that is neither blank nor a byte order mark.</summary>
    public static bool BeginsWith(ReadOnlySpan<byte> json, char first)
    {
        if (json.StartsWith(ByteOrderMark)) json = json[ByteOrderMark.Length..];
        return json.TrimStart(" \t\r\n"u8) is [var byteOfIt, ..] && byteOfIt == first;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(" \t\r\n\v\f"u8).IsEmpty;

    /// <summary>Some of the file, unpacked.</summary>
    private static byte[] Beginning(string path)
    {
        const int Enough = 1 << 20;
        OrdinaryFile.Require(path);
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[2];
        bool isPacked = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start.SequenceEqual((ReadOnlySpan<byte>)[0x1F, 0x8B]);
        file.Position = 0;
        using Stream text = isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
        var bytes = new byte[Enough];
        return bytes[..text.ReadAtLeast(bytes, Enough, throwOnEndOfStream: false)];
    }
}
