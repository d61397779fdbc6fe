namespace LoraCollab.Data.Corpus;

/// <summary>
/// A folder of .txt files, one category each, in order of their names (Multi-Wiki, Codes-Wiki). In each file a line is a document, or, where lines
/// &lt;|endoftext|&gt; stand in it, what is between them. Categories take turns among the clients.
/// </summary>
public static class TextFolder
{
    private const string Ending = ".txt";

    public static CorpusFormat Format { get; } = new(
        "text", "a folder of .txt files, one category each; one document per line, or separated by lines <|endoftext|>", Recognises, Open);

    private static bool Recognises(string path, CorpusOptions options) =>
        Files(path, new()) is { Count: > 0 } files && !CategoryFolders.AreBeside(files, path, options);

    private static DocumentCorpus Open(string path, CorpusReading reading)
    {
        var (files, texts) = Read(path, reading, "one category each");
        var documents = texts.SelectMany((text, category) => text.Select(t => new Document(t, category)));
        return new DocumentCorpus(NameOf(path), [.. files.Select(f => f.Stem)], [.. documents], ClientOrder.Turns, notes: reading.Notes);
    }

    /// <summary>The files of a folder that hold text, and their documents.</summary>
    /// <exception cref="UserException">There is none, or two would be called the same.</exception>
    internal static (IReadOnlyList<SourceFile> Files, IReadOnlyList<List<string>> Documents) Read(string folder, CorpusReading reading, string each)
    {
        var read = Files(folder, reading.Notes)
            .Select(file => (File: file, Documents: reading.Noted(file, DocumentText.Split(reading.Text(file)))))
            .Where(r => r.Documents.Count > 0)
            .ToArray();
        if (read.Length == 0)
            throw new UserException($"{folder}: expected a folder of {Ending} files, {each}, and found none{reading.Notes.InBrackets}");
        if (read.GroupBy(r => r.File.Stem).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UserException($"{folder}: {string.Join(" and ", twice.Select(r => r.File.Name))} would have one name; rename or remove one");
        return ([.. read.Select(r => r.File)], [.. read.Select(r => r.Documents)]);
    }

    internal static IReadOnlyList<SourceFile> Files(string folder, ReadingNotes notes) =>
        FolderWalk.Files(folder, deep: false, f => f.EndsWith(Ending) ? null : ReadingNote.OtherKind, notes);

    /// <summary>The last part of a path, as the name of the data.</summary>
    internal static string NameOf(string path) =>
        Path.GetFileNameWithoutExtension(PackedText.NameInside(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))));
}
