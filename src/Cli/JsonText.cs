using System.Text.Encodings.Web;
using System.Text.Json;

namespace LoraCollab.Cli;

/// <summary>How commands write JSON: text as it is, not escaped for web pages.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Spacious = new(Compact) { WriteIndented = true };

    private static readonly JsonSerializerOptions Snake = new(Compact) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>One line, names of properties in snake_case as in the files of a run.</summary>
    public static string SnakeLine(object value) => JsonSerializer.Serialize(value, Snake);

    /// <summary>One line.</summary>
    public static string Line(object value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>Indented, with a line end: a file for people.</summary>
    public static string File(object value) => JsonSerializer.Serialize(value, Spacious) + "\n";
}
