using System.Text;
using System.Text.Json;

namespace LoraCollab.Testing.Damage;

/// <summary>JSON that is still JSON, or nearly: other values, keys that are lost, doubled or unknown.</summary>
internal static class JsonDamage
{
    public static byte[] Of(byte[] json, Random random)
    {
        var values = JsonSpan.Of(json);
        if (values.Count == 0) return ByteDamage.Of(json, json, random);
        var value = random.Any(values);
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                return Put(json, value.Start, value.End, random.Any(Extremes.Json));
            case 3 or 4:
                var numbers = values.FindAll(v => v.Kind == JsonTokenType.Number);
                var number = numbers.Count == 0 ? value : random.Any(numbers);
                return Put(json, number.Start, number.End, random.Any(Extremes.Numbers));
            case 5:
                var other = random.Any(values);
                return [.. json[..value.Start], .. json[other.Start..other.End], .. json[value.End..]];
            case 6:
                return Without(json, value);
            case 7:
                return [.. json[..value.End], (byte)',', .. json[value.First..value.End], .. json[value.End..]];
            case 8 when value.Key >= 0:
                return Put(json, value.Key, value.KeyEnd, random.Any(["\"\"", "\"unknown\"", "\"\\ud83d\"", "\"a\\u0000b\"", "\"\\u001b[31m\"", "\"../x\"",
                    "\"__proto__\"", "\"0\""]));
            case 9 when value.Kind is JsonTokenType.StartArray or JsonTokenType.StartObject:
                return [.. json[..(value.Start + 1)],
                    .. Encoding.UTF8.GetBytes((value.Kind == JsonTokenType.StartObject ? "\"more\":" : "") + random.Any(Extremes.Json)
                        + (value.End > value.Start + 2 ? "," : "")),
                    .. json[(value.Start + 1)..]];
            default:
                return Put(json, value.Start, value.End, random.Any(Extremes.Json));
        }
    }

    private static byte[] Put(byte[] json, int start, int end, string text) => [.. json[..start], .. Encoding.UTF8.GetBytes(text), .. json[end..]];

    /// <summary>Without a value, its key and one comma beside it.</summary>
    private static byte[] Without(byte[] json, JsonSpan value)
    {
        int start = value.First, end = value.End, next = end;
        while (next < json.Length && json[next] is (byte)' ' or (byte)'\n' or (byte)'\r') next++;
        if (next < json.Length && json[next] == ',') end = next + 1;
        else
        {
            int before = start - 1;
            while (before >= 0 && json[before] is (byte)' ' or (byte)'\n' or (byte)'\r') before--;
            if (before >= 0 && json[before] == ',') start = before;
        }
        return [.. json[..start], .. json[end..]];
    }
}
