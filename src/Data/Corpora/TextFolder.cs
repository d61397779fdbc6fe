namespace LoraCollab.Data;

/// <summary>
/// A folder of .txt files, one category each, in order of their names (Multi-Wiki, Codes-Wiki). In each file a line is a document, or, where lines &lt;|endoftext|&gt; stand in it,
/// what is between them. Categories take turns among the clients.
/// </summary>
public static class TextFolder
{
    public static CorpusFormat Format { get; } = new("text", "a folder of .txt files, one category each; one document a line, or separated by lines <|endoftext|>", p => Files(p).Length > 0, (path, _) => Open(path));

    private static DocumentCorpus Open(string path)
    {
        string[] files = Files(path);
        if (files.Length == 0) throw new UserException($"{path}: expected a folder of .txt files, one category each, and found none");
        var documents = files.SelectMany((file, category) => DocumentText.Split(TextFile.ReadContent(file)).Select(text => new Document(text, category)));
        return new DocumentCorpus(NameOf(path), [.. files.Select(f => Path.GetFileNameWithoutExtension(f))], [.. documents], ClientOrder.Turns);
    }

    internal static string[] Files(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal)] : [];

    /// <summary>The last part of a path, as the name of the data.</summary>
    internal static string NameOf(string path) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}
