using System.Text.Json;
using System.Text.RegularExpressions;

namespace LoraCollab.Data.Files;

/// <summary>What is wrong with JSON, in words without names of .NET types.</summary>
public static partial class JsonFault
{
    /// <summary>Of one line, without the reader's own count of lines: it sees a single one, and calls it 0.</summary>
    public static string InLine(JsonException fault) => Place().Replace(Words(fault), " (byte ${byte} of the line)");

    /// <summary>Of a whole file: with the key where it is known, and lines counted from 1.</summary>
    public static string Plain(JsonException fault) => Place().Replace(Words(fault), m =>
    {
        string key = m.Groups["path"].Value.TrimStart('$', '.');
        long line = long.Parse(m.Groups["line"].Value) + 1;
        return FormattableString.Invariant($" ({(key.Length == 0 ? "" : $"at {key}, ")}line {line}, byte {m.Groups["byte"].Value})");
    });

    private static string Words(JsonException fault)
    {
        string text = WrongKind().Replace(fault.Message, "a value of another kind is needed");
        text = UnknownKey().Replace(text, "the key ${key} is not known");
        text = MissingKeys().Replace(text, "these keys are missing: ");
        text = DoubledKey().Replace(text, "the key ${key} is there twice");
        return NullValue().Replace(text, "the key ${key} is null, and must have a value");
    }

    [GeneratedRegex(@"The JSON value could not be converted to [^\s]+(?=\.\s)")]
    private static partial Regex WrongKind();

    [GeneratedRegex(@"The JSON property (?<key>'.*?') could not be mapped to any \.NET member contained in type '[^']*'", RegexOptions.Singleline)]
    private static partial Regex UnknownKey();

    [GeneratedRegex(@"JSON deserialization for type '[^']*' was missing required properties including: ")]
    private static partial Regex MissingKeys();

    [GeneratedRegex(@"Duplicate property (?<key>'.*?') encountered during deserialization of type '[^']*'", RegexOptions.Singleline)]
    private static partial Regex DoubledKey();

    [GeneratedRegex(@"The (constructor parameter|property or field) (?<key>'[^']*') on type '[^']*' doesn't allow (setting )?null values\. "
        + "Consider updating its nullability annotation")]
    private static partial Regex NullValue();

    [GeneratedRegex(@"\s*(Path: (?<path>.+?) \| )?LineNumber: (?<line>\d+) \| BytePositionInLine: (?<byte>\d+)\.")]
    private static partial Regex Place();
}
