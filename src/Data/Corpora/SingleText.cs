namespace LoraCollab.Data;

/// <summary>
/// One text file without categories: the documents between its lines &lt;|endoftext|&gt;, or the whole file as one document, byte for byte.
/// </summary>
public static class SingleText
{
    public static CorpusFormat Format { get; } = new("file", "one text file; one document, or several separated by lines <|endoftext|>", File.Exists, (path, _) => Open(path));

    private static DocumentCorpus Open(string path)
    {
        string text = TextFile.ReadContent(path);
        List<string> documents = DocumentText.HasSeparators(text) ? DocumentText.Split(text) : [text];
        return new DocumentCorpus(TextFolder.NameOf(path), [], [.. documents.Select(d => new Document(d, Document.None))]);
    }
}
