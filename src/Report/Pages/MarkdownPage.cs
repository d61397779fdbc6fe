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
