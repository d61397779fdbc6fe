using System.Globalization;
using System.Text;

namespace LoraCollab.Data.Errors;

/// <summary>
/// Text of somebody else's in our messages: names, keys and values out of files. What a terminal would obey instead of show (ESC and other controls, marks that
/// turn the direction of writing, halves of surrogate pairs) is written as \uXXXX, and what is long is cut.
/// </summary>
public static class ForeignText
{
    /// <summary>The longest quotation and the longest message, in UTF-16 units.</summary>
    public const int LongestQuoted = 80, LongestMessage = 600;

    private const string Cut = "…";

    /// <summary>A short quotation, in quotes: <c>'Ġthe'</c>; of a long text its beginning. null is written as null.</summary>
    public static string Quoted(string? text)
    {
        return text is null ? "null" : $"'{Name(text)}'";
    }

    /// <summary>
    /// A name for tables and pictures, without quotes: <c>the</c>. It has to fit beside numbers, so of a long one the beginning stands for it; what follows is
    /// never looked at.
    /// </summary>
    public static string Name(string text) =>
        text.Length <= LongestQuoted ? Visible(text, lineEnd: null) : Visible(Beginning(text, LongestQuoted), lineEnd: null) + Cut;

    /// <summary>All of a text on one line.</summary>
    public static string Shown(string text) => Visible(text, lineEnd: null);

    /// <summary>A message: one line, and not a long one. Its middle is cut out, since the file stands at its beginning and the advice at its end.</summary>
    public static string OneLine(string message) => WithoutMiddle(Visible(WithoutMiddle(message), lineEnd: " ")).Trim();

    /// <summary>Cut before escapes make it longer, so that the middle is never looked at, and after.</summary>
    private static string WithoutMiddle(string text) =>
        text.Length <= LongestMessage ? text : Beginning(text, LongestMessage / 2) + $" {Cut} " + text[^(LongestMessage / 2)..];

    /// <summary>The first units, without half of a pair at the end.</summary>
    private static string Beginning(string text, int length) => char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];

    /// <param name="text">Any text.</param>
    /// <param name="lineEnd">What stands for a line end; null: its escape.</param>
    private static string Visible(string text, string? lineEnd)
    {
        if (lineEnd is not null) text = text.ReplaceLineEndings(lineEnd);
        if (text.All(c => c is >= ' ' and <= '~')) return text;
        var visible = new StringBuilder(text.Length + 16);
        for (int i = 0, length; i < text.Length; i += length)
        {
            bool half = !Rune.TryGetRuneAt(text, i, out Rune rune);
            length = half ? 1 : rune.Utf16SequenceLength;
            if (text[i] is '\n' or '\t') visible.Append(text[i] == '\n' ? "\\n" : "\\t");
            else if (half || IsUnseen(rune)) visible.Append(Escape(half ? text[i] : rune.Value));
            else visible.Append(text, i, length);
        }
        return visible.ToString();
    }

    private static string Escape(int value) => string.Create(CultureInfo.InvariantCulture, $"\\u{value:X4}");

    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
