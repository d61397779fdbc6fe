using System.Text;

namespace LoraCollab.Report.Pages;

/// <summary>A page as Markdown; pictures stay files beside it.</summary>
public static class MarkdownPage
{
    public static string Of(IReadOnlyList<Block> blocks)
    {
        var text = new StringBuilder();
        foreach (var block in blocks) Write(text, block);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Write(StringBuilder text, Block block)
    {
        switch (block)
        {
            case Block.Heading heading:
                text.Append('#', heading.Level).Append(' ').Append(heading.Text).Append("\n\n");
                break;
            case Block.Paragraph paragraph:
                text.Append(paragraph.Text).Append("\n\n");
                break;
            case Block.Table table:
                Row(text, table.Header);
                Row(text, [.. table.Header.Select((_, column) => column == 0 ? ":--" : "--:")]);
                foreach (var row in table.Rows) Row(text, row);
                text.Append('\n');
                break;
            case Block.Figure figure:
                text.Append($"![{figure.Title}]({Address(figure.Path)}.png)\n\n{figure.Caption}\n([SVG]({Address(figure.Path)}.svg))\n\n");
                break;
            case Block.Links links:
                foreach (var (name, address, note) in links.Items) text.Append($"- [{name}]({Address(address)}){(note.Length > 0 ? ": " + note : "")}\n");
                text.Append('\n');
                break;
        }
    }

    private static string Address(string path) => path.Replace(" ", "%20");

    private static void Row(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(c => c.Replace("|", "\\|"))).Append(" |\n");
}
