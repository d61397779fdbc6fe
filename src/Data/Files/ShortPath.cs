using System.Text.RegularExpressions;

namespace LoraCollab.Data.Files;

/// <summary>
/// Paths as results may show them: where a file or folder lies on somebody's machine is nobody else's concern, so of an absolute path only the last name
/// stands. A relative path stays as it was typed.
/// </summary>
public static partial class ShortPath
{
    /// <summary>Of a path, or a path behind the name of a format: "jsonl:/home/ann/posts.jsonl" → "jsonl:posts.jsonl".</summary>
    public static string Of(string text)
    {
        int start = Prefix().Match(text).Length;
        string path = text[start..];
        return IsAbsolute(path) ? text[..start] + Path.GetFileName(path.Replace('\\', '/').TrimEnd('/')) : text;
    }

    /// <summary>Of every value of a command line, quoted or not.</summary>
    public static string InCommand(string command) => Value().Replace(command, m => Of(m.Value));

    private static bool IsAbsolute(string path) => path.StartsWith('/') || path.StartsWith('\\') || Drive().IsMatch(path);

    [GeneratedRegex("^[a-z]{2,}:")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^[A-Za-z]:[\\/]")]
    private static partial Regex Drive();

    [GeneratedRegex(@"(?<=')[^']+(?=')|(?<=\s)[^\s']+")]
    private static partial Regex Value();
}
