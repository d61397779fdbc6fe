using System.Text;
using System.Text.RegularExpressions;

namespace LoraCollab.Testing.Damage;

/// <summary>What happens to files of lines: they are lost, doubled, change places, and their numbers go wrong.</summary>
internal static partial class LineDamage
{
    public static byte[] Of(byte[] bytes, Random random)
    {
        var (start, end) = Line(bytes, random);
        var (start2, end2) = Line(bytes, random);
        switch (random.Next(8))
        {
            case 0:
                return [.. bytes[..start], .. bytes[end..]];
            case 1:
                return [.. bytes[..end], .. bytes[start..]];
            case 2:
                return [.. bytes[..start], .. bytes[start2..end2], .. bytes[end..]];
            case 3 when random.Next(10) == 0 && end > start:
                return ByteDamage.Repeated(bytes, start, end, 1 << 20);
            case 3:
                return [.. bytes[..start], .. "\n\n"u8, .. bytes[end..]];
            case 4 or 5:
                return OfOne(bytes, random, line => Replaced(line, random, NumberText(), Extremes.Numbers));
            case 6:
                return OfOne(bytes, random, line => Replaced(line, random, Word(), ["", "\0", "\u001b[1m", "🎉", "-1", "\"", new string('x', 20_000)]));
            default:
                return OfOne(bytes, random, line => ByteDamage.Of(line, bytes, random));
        }
    }

    /// <summary>One line damaged, its end kept.</summary>
    public static byte[] OfOne(byte[] bytes, Random random, Func<byte[], byte[]> damage)
    {
        var (start, end) = Line(bytes, random);
        int text = end > start && bytes[end - 1] == '\n' ? end - 1 : end;
        return [.. bytes[..start], .. damage(bytes[start..text]), .. bytes[text..]];
    }

    private static byte[] Replaced(byte[] line, Random random, Regex what, IReadOnlyList<string> by)
    {
        string text = Encoding.Latin1.GetString(line);
        var found = what.Matches(text);
        if (found.Count == 0) return ByteDamage.Of(line, line, random);
        var match = found[random.Next(found.Count)];
        return [.. line[..match.Index], .. Encoding.UTF8.GetBytes(random.Any(by)), .. line[(match.Index + match.Length)..]];
    }

    /// <summary>A line with its end; nothing of an empty file.</summary>
    private static (int Start, int End) Line(byte[] bytes, Random random)
    {
        if (bytes.Length == 0) return (0, 0);
        int at = random.Next(bytes.Length), end = Array.IndexOf(bytes, (byte)'\n', at);
        int start = at == 0 ? 0 : Array.LastIndexOf(bytes, (byte)'\n', at - 1) + 1;
        return (start, end < 0 ? bytes.Length : end + 1);
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?([eE][-+]?\d+)?")]
    private static partial Regex NumberText();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
