using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LoraCollab.Data.Files;

/// <summary>
/// Reads JSON that this program writes. It may have come from anywhere, so nothing in it is believed: unknown, missing and doubled keys, null where a value
/// must be, null among the items of a list and numbers for names are errors.
/// </summary>
public static class OwnJson
{
    /// <summary>Options of a file's own with the rules of all: only their names, their numbers and their converters are its own.</summary>
    public static JsonSerializerOptions Strict(JsonSerializerOptions own) => new(own)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AbsentIsNull } },
    };

    /// <param name="file">The file.</param>
    /// <param name="format">What it should be: "a manifest of this program".</param>
    /// <param name="text">What it holds, or one line of it.</param>
    /// <param name="options">Of <see cref="Strict"/>.</param>
    /// <param name="line">The number of that line, from 1; null: the whole file.</param>
    /// <exception cref="UserException">It is something else; the message names the file, the line and the key.</exception>
    public static T Parse<T>(string file, string format, string text, JsonSerializerOptions options, int? line = null)
    {
        string origin = line is null ? file : $"{file}: line {line}";
        return ForeignBytes.Read(origin, format, () =>
        {
            try
            {
                text = ForeignBytes.WholeCharacters(text);
                T? value = ForeignBytes.Within(origin, () => JsonSerializer.Deserialize<T>(text, options));
                RequireItemsAndNumbers(origin, text, options);
                return value ?? throw new UserException($"{origin}: not {format}: expected an object, found null");
            }
            catch (JsonException e)
            {
                throw new UserException($"{origin}: not {format}: {(line is null ? JsonFault.Plain(e) : JsonFault.InLine(e))}", e);
            }
        });
    }

    /// <summary>What may be null is left out where it is null.</summary>
    private static void AbsentIsNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            if (property.AssociatedParameter is { } parameter && (parameter.IsNullable || Nullable.GetUnderlyingType(parameter.ParameterType) is not null))
                property.IsRequired = false;
    }

    private static void RequireItemsAndNumbers(string origin, string text, JsonSerializerOptions options)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text),
            new JsonReaderOptions { CommentHandling = options.ReadCommentHandling, AllowTrailingCommas = options.AllowTrailingCommas });
        // The key of every list that is open; null for an object.
        var open = new Stack<string?>();
        string key = "the file";
        while (reader.Read())
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    open.Push(reader.TokenType == JsonTokenType.StartArray ? key : null);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    key = ForeignText.Quoted(reader.GetString());
                    break;
                case JsonTokenType.Null when open.TryPeek(out string? list) && list is not null:
                    throw new UserException($"{origin}: null among the items of {list}");
            }
    }
}
