using System.Text;

namespace LoraCollab.Report.Pages;

/// <summary>A piece of a page.</summary>
public abstract record PageBlock
{
    /// <summary>A title; level 1 is the page's own.</summary>
    public sealed record Heading(int Level, string Text) : PageBlock;

    /// <summary>See <see cref="Words"/>.</summary>
    public sealed record Paragraph(string Text) : PageBlock;

    /// <summary>Text in rows and columns: the first column to the left, all others, which are numbers, to the right.</summary>
    public sealed record Table(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows) : PageBlock;

    /// <summary>A picture PATH.png with PATH.svg beside it, relative to the page, with / between names.</summary>
    public sealed record Figure(string Path, string Title, string Caption) : PageBlock;

    /// <summary>Files or pages, by an address relative to the page.</summary>
    public sealed record Links(IReadOnlyList<(string Text, string Address, string Note)> Items) : PageBlock;
}

/// <summary>
/// The words of a paragraph, a caption or a note: what stands between backticks is code. Text of somebody else's goes through <see cref="Plain"/> first.
/// </summary>
internal static class Words
{
    /// <summary>Text in which no backtick begins code: \ before ` and \ makes it that character.</summary>
    public static string Plain(string text) => text.Replace("\\", "\\\\").Replace("`", "\\`");

    /// <summary>Stretches of text and of code, in turn.</summary>
    public static IEnumerable<(string Text, bool IsCode)> Of(string words)
    {
        var text = new StringBuilder();
        bool code = false;
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] == '\\' && i + 1 < words.Length && words[i + 1] is '\\' or '`') text.Append(words[++i]);
            else if (words[i] != '`') text.Append(words[i]);
            else
            {
                if (text.Length > 0) yield return (text.ToString(), code);
                text.Clear();
                code = !code;
            }
        }
        if (text.Length > 0) yield return (text.ToString(), code);
    }
}
