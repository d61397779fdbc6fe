using System.Text;

namespace LoraCollab.Report.Pages;

/// <summary>A page as Markdown; pictures stay files beside it.</summary>
public static class MarkdownPage
{
    public static string Of(IReadOnlyList<PageBlock> blocks)
    {
        var text = new StringBuilder();
        foreach (var block in blocks) Write(text, block);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Write(StringBuilder text, PageBlock block)
    {
        switch (block)
        {
            case PageBlock.Heading heading:
                text.Append('#', heading.Level).Append(' ').Append(MarkdownText.Escape(heading.Text)).Append("\n\n");
                break;
            case PageBlock.Paragraph paragraph:
                text.Append(Text(paragraph.Text)).Append("\n\n");
                break;
            case PageBlock.Table table:
                Row(text, table.Header);
                text.Append("| ").AppendJoin(" | ", table.Header.Select((_, column) => column == 0 ? ":--" : "--:")).Append(" |\n");
                foreach (var row in table.Rows) Row(text, row);
                text.Append('\n');
                break;
            case PageBlock.Figure figure:
                text.Append($"![{MarkdownText.Escape(figure.Title)}]({MarkdownText.Address(figure.Path)}.png)\n\n{Text(figure.Caption)}\n")
                    .Append($"([SVG]({MarkdownText.Address(figure.Path)}.svg))\n\n");
                break;
            case PageBlock.Links links:
                foreach (var (name, address, note) in links.Items)
                    text.Append($"- [{MarkdownText.Escape(name)}]({MarkdownText.Address(address)}){(note.Length > 0 ? ": " + Text(note) : "")}\n");
                text.Append('\n');
                break;
        }
    }

    private static string Text(string words) => string.Concat(Words.Of(words).Select(w => w.IsCode ? MarkdownText.Code(w.Text) : MarkdownText.Escape(w.Text)));

    private static void Row(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(MarkdownText.Escape)).Append(" |\n");
}

/// <summary>Text in Markdown (CommonMark with tables) that is read as the characters it is made of, whoever wrote it.</summary>
internal static class MarkdownText
{
    /// <summary>Characters that mean something wherever they stand.</summary>
    private const string Always = "\\`[]|$";

    public static string Escape(string text)
    {
        text = text.ReplaceLineEndings(" ").Replace('\n', ' ');
        var escaped = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            if (IsMarkup(text, i)) escaped.Append('\\');
            escaped.Append(text[i]);
        }
        // Addresses would become links by themselves.
        return escaped.Replace("://", ":\\//").Replace("www.", "www\\.").ToString();
    }

    /// <summary>Code, between as many backticks as it takes.</summary>
    public static string Code(string text)
    {
        int longest = 0, run = 0;
        foreach (char c in text) longest = Math.Max(longest, run = c == '`' ? run + 1 : 0);
        string fence = new('`', longest + 1), space = longest > 0 ? " " : "";
        return $"{fence}{space}{text.ReplaceLineEndings(" ").Replace("|", "\\|")}{space}{fence}";
    }

    /// <summary>An address relative to the page, with / between names.</summary>
    public static string Address(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static bool IsMarkup(string text, int i) => text[i] switch
    {
        var c when Always.Contains(c) => true,
        // A line may begin with what makes a list, a heading or a quotation.
        '#' or '>' or '+' or '-' or '=' => i == 0,
        '*' or '~' or '_' => i == 0 || !(IsBlank(Before(text, i)) && IsBlank(After(text, i)))
            && !(text[i] == '_' && IsLetter(Before(text, i)) && IsLetter(After(text, i))),
        '<' => i + 1 < text.Length && (char.IsAsciiLetter(text[i + 1]) || text[i + 1] is '/' or '!' or '?'),
        '&' => i + 1 < text.Length && (char.IsAsciiLetterOrDigit(text[i + 1]) || text[i + 1] == '#'),
        _ => false,
    };

    /// <summary>What stands before a run of one character; a blank at the beginning.</summary>
    private static char Before(string text, int i)
    {
        char c = text[i];
        while (i >= 0 && text[i] == c) i--;
        return i < 0 ? ' ' : text[i];
    }

    /// <summary>What stands after it; a blank at the end.</summary>
    private static char After(string text, int i)
    {
        char c = text[i];
        while (i < text.Length && text[i] == c) i++;
        return i == text.Length ? ' ' : text[i];
    }

    private static bool IsBlank(char c) => char.IsWhiteSpace(c);

    private static bool IsLetter(char c) => char.IsLetterOrDigit(c);
}
