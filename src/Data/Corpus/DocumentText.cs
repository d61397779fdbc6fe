namespace LoraCollab.Data.Corpus;

/// <summary>Cuts the text of one file into documents.</summary>
internal static class DocumentText
{
    public const string Separator = "<|endoftext|>";

    /// <summary>
    /// Where a line is exactly &lt;|endoftext|&gt;, a document is what stands between two such lines, its last newline included; else every line is a document,
    /// without its newline. Blank documents are left out.
    /// </summary>
    public static List<string> Split(string text) => HasSeparators(text) ? BetweenSeparators(text) : Lines(text);

    public static bool HasSeparators(string text)
    {
        foreach (Range line in text.AsSpan().Split('\n'))
            if (text.AsSpan(line).TrimEnd('\r') is Separator)
                return true;
        return false;
    }

    public static List<string> Lines(string text)
    {
        var documents = new List<string>();
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            ReadOnlySpan<char> line = text.AsSpan(range).TrimEnd('\r');
            if (!line.IsWhiteSpace()) documents.Add(line.ToString());
        }
        return documents;
    }

    private static List<string> BetweenSeparators(string text)
    {
        var documents = new List<string>();
        int start = 0;
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            var (at, length) = range.GetOffsetAndLength(text.Length);
            if (text.AsSpan(at, length).TrimEnd('\r') is not Separator) continue;
            Add(text[start..at]);
            start = Math.Min(at + length + 1, text.Length);
        }
        Add(text[start..]);
        return documents;

        void Add(string document)
        {
            if (!string.IsNullOrWhiteSpace(document)) documents.Add(document);
        }
    }
}
