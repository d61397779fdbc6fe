using System.Net;
using System.Text.RegularExpressions;

namespace LoraCollab.Data;

/// <summary>
/// What WikiExtractor makes of a Wikipedia dump: files AA/wiki_00, AA/wiki_01, ... without an ending, of one article a JSON line (--json), or of blocks
/// &lt;doc id= url= title=&gt; ... &lt;/doc&gt;. Articles without text (redirects) are left out.
/// </summary>
internal static partial class WikiExtract
{
    public static bool Has(string path) => FileName().IsMatch(Path.GetFileName(path));

    public static List<string> Texts(string path, CorpusOptions options)
    {
        string text = TextFile.ReadContent(path);
        return text.TrimStart().StartsWith('{') ? JsonLines.Texts(path, options) : Blocks(path, text);
    }

    private static List<string> Blocks(string path, string text)
    {
        var articles = new List<string>();
        int at = 0;
        foreach (Match block in Block().Matches(text))
        {
            if (!string.IsNullOrWhiteSpace(text[at..block.Index])) break;
            at = block.Index + block.Length;
            string article = WebUtility.HtmlDecode(block.Groups[1].Value.Trim('\n'));
            if (!string.IsNullOrWhiteSpace(article)) articles.Add(article);
        }
        return string.IsNullOrWhiteSpace(text[at..]) ? articles
            : throw new UserException($"{path}: near character {at}: expected a block <doc id=...> ... </doc> or JSON lines, as WikiExtractor writes them");
    }

    [GeneratedRegex(@"^wiki_\d+$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^<doc [^>]*>\n(.*?)^</doc>", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
