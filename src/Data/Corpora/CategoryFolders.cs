namespace LoraCollab.Data;

/// <summary>
/// A folder of folders, one category each, in order of their names (Multi-Wiki: one a language, Codes-Wiki: articles and code). Every file below a
/// category that
/// <see cref="DocumentFile"/> knows is read, in order of its path. Categories take turns among the clients.
/// </summary>
public static class CategoryFolders
{
    public static CorpusFormat Format { get; } = new(
        "folders", $"a folder of folders, one category each, with any of {DocumentFile.Kinds} below them", Recognises, Open);

    private static bool Recognises(string path) => Directory.Exists(path) && Directory.EnumerateDirectories(path).Any(category => Below(category).Any());

    private static IEnumerable<string> Below(string category) =>
        Directory.EnumerateFiles(category, "*", SearchOption.AllDirectories).Where(DocumentFile.IsKnown);

    private static DocumentCorpus Open(string path, CorpusOptions options)
    {
        string[] categories = !Directory.Exists(path) ? [] : [.. Directory.EnumerateDirectories(path).Where(c => Below(c).Any()).Order(StringComparer.Ordinal)];
        if (categories.Length == 0) throw new UserException($"{path}: expected a folder of folders with {DocumentFile.Kinds}, and found none");
        var documents = categories.SelectMany((folder, category) =>
            Below(folder).Order(StringComparer.Ordinal).SelectMany(file => DocumentFile.Read(file, options)).Select(text => new Document(text, category)));
        return new DocumentCorpus(TextFolder.NameOf(path), [.. categories.Select(c => Path.GetFileName(c))], [.. documents], ClientOrder.Turns);
    }
}
