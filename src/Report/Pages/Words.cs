using System.Text;

namespace LoraCollab.Report.Pages;

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
