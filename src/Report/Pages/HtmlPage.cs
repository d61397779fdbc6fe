using System.Net;
using System.Text;
using SkiaSharp;

namespace LoraCollab.Report.Pages;

/// <summary>A page as one HTML file that needs no other: pictures are inside it.</summary>
public static class HtmlPage
{
    private const string Style = """
        body { font: 15px/1.5 system-ui, sans-serif; color: #262626; max-width: 1080px; margin: 2em auto; padding: 0 1em; }
        h1, h2, h3 { line-height: 1.25; margin-top: 1.6em; } h2 { border-bottom: 1px solid #ddd; }
        table { border-collapse: collapse; margin: 1em 0; display: block; overflow-x: auto; }
        th, td { padding: .25em .7em; text-align: right; border-bottom: 1px solid #e6e6e6; font-variant-numeric: tabular-nums; white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; } th { border-bottom: 1px solid #8c8c8c; }
        figure { margin: 1.5em 0; } figure img { max-width: 100%; height: auto; } figcaption { color: #555; }
        code { background: #f4f6f8; padding: .1em .3em; }
        """;

    /// <param name="blocks">From top to bottom; the first heading names the page.</param>
    /// <param name="folder">Where the page will lie: paths of pictures are relative to it.</param>
    public static string Of(IReadOnlyList<PageBlock> blocks, string folder)
    {
        string title = blocks.OfType<PageBlock.Heading>().FirstOrDefault()?.Text ?? "report";
        var text = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
            + $"<meta charset=\"utf-8\">\n<title>{Escape(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n");
        foreach (var block in blocks) Write(text, block, folder);
        return text.Append("</body>\n</html>\n").ToString();
    }

    private static void Write(StringBuilder text, PageBlock block, string folder)
    {
        switch (block)
        {
            case PageBlock.Heading heading:
                text.Append($"<h{heading.Level}>{Escape(heading.Text)}</h{heading.Level}>\n");
                break;
            case PageBlock.Paragraph paragraph:
                text.Append($"<p>{Text(paragraph.Text)}</p>\n");
                break;
            case PageBlock.Table table:
                text.Append("<table>\n<tr>").AppendJoin("", table.Header.Select(c => $"<th>{Escape(c)}</th>")).Append("</tr>\n");
                foreach (var row in table.Rows) text.Append("<tr>").AppendJoin("", row.Select(c => $"<td>{Escape(c)}</td>")).Append("</tr>\n");
                text.Append("</table>\n");
                break;
            case PageBlock.Figure figure:
                text.Append($"<figure><img {Image(Path.Combine(folder, figure.Path + ".png"))} alt=\"{Escape(figure.Title)}\">")
                    .Append($"<figcaption>{Text(figure.Caption)}</figcaption></figure>\n");
                break;
            case PageBlock.Links links:
                text.Append("<ul>\n");
                foreach (var (name, address, note) in links.Items)
                    text.Append($"<li><a href=\"{Escape(MarkdownText.Address(address))}\">{Escape(name)}</a>")
                        .Append($"{(note.Length > 0 ? ": " + Text(note) : "")}</li>\n");
                text.Append("</ul>\n");
                break;
        }
    }

    private static string Image(string file)
    {
        byte[] png = File.ReadAllBytes(file);
        var size = SKBitmap.DecodeBounds(png);
        return $"width=\"{size.Width / Picture.Scale}\" height=\"{size.Height / Picture.Scale}\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\"";
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Text(string words) => string.Concat(Words.Of(words).Select(w => w.IsCode ? $"<code>{Escape(w.Text)}</code>" : Escape(w.Text)));
}
