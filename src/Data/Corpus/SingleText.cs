namespace LoraCollab.Data.Corpus;

/// <summary>
/// One text file without categories: the documents between its lines &lt;|endoftext|&gt;, or the whole file as one document, byte for byte.
/// </summary>
public static class SingleText
{
    public static CorpusFormat Format { get; } = new(
        "file", "one text file; one document, or several separated by lines <|endoftext|>", (p, _) => File.Exists(p), Open);

    private static DocumentCorpus Open(string path, CorpusReading reading)
    {
        string text = reading.Text(SourceFile.Of(path));
        if (string.IsNullOrWhiteSpace(text)) throw new UserException($"{path}: the file is empty");
        List<string> documents = DocumentText.HasSeparators(text) ? DocumentText.Split(text) : [text];
        return new DocumentCorpus(TextFolder.NameOf(path), [], [.. documents.Select(d => new Document(d, Document.None))], notes: reading.Notes);
    }
}
