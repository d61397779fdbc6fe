using System.Net;
using System.Text.RegularExpressions;

namespace LoraCollab.Data.Corpus;

/// <summary>
/// What WikiExtractor makes of a Wikipedia dump: files AA/wiki_00, AA/wiki_01, ... without an ending, of one article a JSON line (--json), or of blocks
/// &lt;doc id= url= title=&gt; ... &lt;/doc&gt;. Articles without text (redirects) are left out.
/// </summary>
internal static partial class WikiExtract
{
    private const string Start = "<doc ", End = "</doc>", Expected = "expected a block <doc id=...> ... </doc> or JSON lines, as WikiExtractor writes them";

    public static bool Has(SourceFile file) => FileName().IsMatch(file.Inside);

    public static List<string> Texts(SourceFile file, CorpusReading reading)
    {
        byte[] bytes = reading.Bytes(file);
        return JsonRows.BeginsWith(bytes, '{') ? JsonLines.Texts(file, bytes, reading) : Blocks(file, reading.Mended(file, bytes), reading.Notes);
    }

    /// <summary>Line by line: a block begins with a line that is its mark, and ends with a line that begins with the other.</summary>
    private static List<string> Blocks(SourceFile file, string text, ReadingNotes notes)
    {
        var articles = new List<string>();
        int number = 0, began = 0, content = -1;
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan(range).TrimEnd();
            if (content < 0 && line.IsEmpty) continue;
            if (content < 0)
            {
                if (!line.StartsWith(Start) || !line.EndsWith('>')) throw Bad(file, number, Expected);
                (began, content) = (number, Math.Min(range.End.Value + 1, text.Length));
            }
            else if (line.StartsWith(End))
            {
                if (line.Length > End.Length) throw Bad(file, number, $"something stands behind {End}; {Expected}");
                string article = WebUtility.HtmlDecode(text[content..range.Start.Value].Trim('\n'));
                if (string.IsNullOrWhiteSpace(article)) notes.Add(ReadingNote.WithoutText, FormattableString.Invariant($"{file.Name} line {began}"));
                else articles.Add(article);
                content = -1;
            }
        }
        return content < 0 ? articles : throw Bad(file, began, $"the block that begins there is not ended by {End}; {Expected}");
    }

    private static UserException Bad(SourceFile file, int line, string what) => new(FormattableString.Invariant($"{file.Path}: line {line}: {what}"));

    [GeneratedRegex(@"^wiki_\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex FileName();
}
