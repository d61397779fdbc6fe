using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoraCollab.Cli.Shell;

/// <summary>How commands write JSON: text as it is, not escaped for web pages; a number that is not finite is null, since JSON has no word for it.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FiniteDouble(), new FiniteSingle() },
    };

    private static readonly JsonSerializerOptions Spacious = new(Compact) { WriteIndented = true };

    private static readonly JsonSerializerOptions Snake = new(Compact) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>One line, names of properties in snake_case as in the files of a run.</summary>
    public static string SnakeLine(object value) => JsonSerializer.Serialize(value, Snake);

    /// <summary>One line.</summary>
    public static string Line(object value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>Indented, with a line end: a file for people.</summary>
    public static string File(object value) => JsonSerializer.Serialize(value, Spacious) + "\n";

    private sealed class FiniteDouble : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }

    private sealed class FiniteSingle : JsonConverter<float>
    {
        public override float Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetSingle();

        public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options)
        {
            if (float.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }
}
