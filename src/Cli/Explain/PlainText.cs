using System.Text;
using System.Text.RegularExpressions;

namespace LoraCollab.Cli.Explain;

/// <summary>
/// The Markdown of a section as plain text: links as their words and files, run-in headings in brackets, paragraphs broken at the terminal's width, code as it
/// is.
/// </summary>
internal static partial class PlainText
{
    public static string Of(string markdown, int width)
    {
        var text = new StringBuilder();
        var paragraph = new List<string>();
        bool code = false;
        foreach (string line in markdown.Split('\n').Append(""))
        {
            bool fence = line.StartsWith("```", StringComparison.Ordinal), item = line.StartsWith("- ", StringComparison.Ordinal);
            bool heading = line.StartsWith('#');
            if (fence) code = !code;
            else if (code || line.StartsWith("    ", StringComparison.Ordinal)) text.Append("    ").AppendLine(line.TrimEnd()[(code ? 0 : 4)..]);
            else if (!item && !heading && line.Length > 0) paragraph.Add(line.Trim());
            if (!fence && !item && !heading && line.Length > 0) continue;
            Flush(text, paragraph, width);
            if (item) paragraph.Add(line);
            else if (heading) text.AppendLine(line.TrimStart('#', ' ').ToUpperInvariant());
            else if (!fence) text.AppendLine();
        }
        return text.ToString().TrimEnd();
    }

    /// <summary>Words to lines of at most <paramref name="width"/> characters; what follows an item's first line is set in by two.</summary>
    private static void Flush(StringBuilder text, List<string> paragraph, int width)
    {
        if (paragraph.Count == 0) return;
        string hanging = paragraph[0].StartsWith("- ", StringComparison.Ordinal) ? "  " : "", line = "";
        foreach (string word in Plain(string.Join(' ', paragraph)).Split(' '))
        {
            if (line.Length > hanging.Length && line.Length + 1 + word.Length > width)
            {
                text.AppendLine(line);
                line = hanging;
            }
            line += line.Trim().Length == 0 ? word : " " + word;
        }
        text.AppendLine(line);
        paragraph.Clear();
    }

    private static string Plain(string markdown) => RunInHeading().Replace(Link().Replace(markdown, "$1 ($2)"), "[$1]").Replace("`", "");

    [GeneratedRegex(@"\[([^\]]+)\]\(\.\./([^)]*)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\*\*([^*]+?)\.?\*\*")]
    private static partial Regex RunInHeading();
}
