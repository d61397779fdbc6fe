namespace LoraCollab.Data.Corpus;

/// <summary>
/// A folder of folders, one category each, in order of their names (Multi-Wiki: one a language, Codes-Wiki: articles and code). Every file below a
/// category that
/// <see cref="DocumentFile"/> knows is read, in order of its path; files beside the categories are left out. Categories take turns among the clients.
/// </summary>
public static class CategoryFolders
{
    public static CorpusFormat Format { get; } = new(
        "folders", $"a folder of folders, one category each, with any of {DocumentFile.Kinds} below them", (p, o) => Files(p, new(o)).Count > 0, Open);

    /// <summary>Whether files are strays beside category folders, and not what the folder is about: no more of them than of two or more such folders.</summary>
    internal static bool AreBeside(IReadOnlyList<SourceFile> files, string folder, CorpusOptions options) =>
        Files(folder, new(options)).Select(CategoryOf).Distinct().Count() is >= 2 and var folders && files.Count <= folders;

    private static IReadOnlyList<SourceFile> Files(string folder, CorpusReading reading) => FolderWalk.Files(
        folder, deep: true,
        f => !f.Name.Contains('/') ? ReadingNote.Stray : DocumentFile.IsKnown(f, reading.Options) ? null : ReadingNote.OtherKind,
        reading.Notes);

    private static DocumentCorpus Open(string path, CorpusReading reading)
    {
        var read = Files(path, reading)
            .Select(file => (Category: CategoryOf(file), Documents: DocumentFile.Read(file, reading)))
            .Where(r => r.Documents.Count > 0)
            .ToArray();
        string[] categories = [.. read.Select(r => r.Category).Distinct().Order(StringComparer.Ordinal)];
        if (categories.Length == 0)
            throw new UserException($"{path}: expected a folder of folders with {DocumentFile.Kinds}, and found none{reading.Notes.InBrackets}");
        var index = categories.Index().ToDictionary(c => c.Item, c => c.Index);
        // In the order of the categories, whose names may sort otherwise than the paths below them ("de-AT" and "de/").
        var documents = read.OrderBy(r => index[r.Category]).SelectMany(r => r.Documents.Select(text => new Document(text, index[r.Category])));
        return new DocumentCorpus(TextFolder.NameOf(path), categories, [.. documents], ClientOrder.Turns, notes: reading.Notes);
    }

    private static string CategoryOf(SourceFile file) => file.Name[..file.Name.IndexOf('/')];
}
