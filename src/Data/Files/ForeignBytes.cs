using System.Text;
using System.Text.Json;

namespace LoraCollab.Data.Files;

/// <summary>
/// The border that foreign bytes cross: every reader of a file runs inside <see cref="Read"/>, so that whatever a library below it throws becomes one line
/// that names the file.
/// </summary>
public static class ForeignBytes
{
    /// <summary>Runs a reader.</summary>
    /// <param name="origin">The file, and where it is known the line, row or key.</param>
    /// <param name="format">What the bytes should have been: "a safetensors file".</param>
    /// <exception cref="UserException">The reader threw one, or anything else that bytes can cause: its message names the origin and the format.</exception>
    public static T Read<T>(string origin, string format, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (UserException or OperationCanceledException or OutOfMemoryException or IOException or UnauthorizedAccessException))
        {
            throw new UserException(
                $"{origin}: damaged, or not {format}: {(e is JsonException json ? JsonFault.Plain(json) : "its parts contradict each other")}",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{origin}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Runs a check that knows no files: what it says of a value, this says of the file that the value is from.</summary>
    /// <exception cref="UserException">As the check, with the origin before its message.</exception>
    public static T Within<T>(string origin, Func<T> check)
    {
        try
        {
            return check();
        }
        catch (UserException e) when (!e.Message.StartsWith(origin, StringComparison.Ordinal))
        {
            throw new UserException($"{origin}: {e.Message}", e);
        }
    }

    /// <summary>
    /// JSON whose every string can be read: half of a surrogate pair, as truncated exports hold (<c>"cut off \ud83d"</c>), becomes U+FFFD, and a byte order
    /// mark is left out.
    /// </summary>
    /// <param name="json">The text, of any length; returned as it is where nothing is wrong.</param>
    public static string WholeCharacters(string json)
    {
        int start = json.StartsWith('\uFEFF') ? 1 : 0;
        StringBuilder? mended = null;
        int copied = start;
        for (int i = json.IndexOf('\\', start); i >= 0 && i + 1 < json.Length; i = json.IndexOf('\\', i))
        {
            if (Escaped(json, i) is not { } unit)
            {
                i += 2;
                continue;
            }
            if (char.IsHighSurrogate(unit) && Escaped(json, i + 6) is { } next && char.IsLowSurrogate(next))
            {
                i += 12;
                continue;
            }
            if (char.IsSurrogate(unit))
            {
                (mended ??= new StringBuilder(json.Length)).Append(json, copied, i - copied).Append("\\uFFFD");
                copied = i + 6;
            }
            i += 6;
        }
        return mended is null ? json[start..] : mended.Append(json, copied, json.Length - copied).ToString();
    }

    /// <summary>The UTF-16 unit that "\uXXXX" at a place stands for; null where no such escape is.</summary>
    private static char? Escaped(string json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
            && ushort.TryParse(json.AsSpan(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort unit) ? (char)unit : null;
}
