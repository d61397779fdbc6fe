namespace LoraCollab.Data;

/// <summary>The data sets this program can open. A new one is one file and one line in <see cref="Formats"/>.</summary>
public static class Corpora
{
    /// <summary>In the order in which an existing path is tried.</summary>
    public static IReadOnlyList<CorpusFormat> Formats { get; } =
    [
        .. Generated.GeneratedCorpora.Formats,
        AgNewsCsv.Format,
        JsonLines.Format,
        TextFolder.Format,
        CategoryFolders.Format,
        OwnManifest.Format,
        SingleText.Format,
        OwnClients.Format,
    ];

    /// <summary>Opens "NAME" (embedded data), "PATH" (the format is recognised) or "FORMAT:PATH".</summary>
    /// <exception cref="UserException">nothing of that name, or the data is empty, truncated or foreign</exception>
    public static ICorpus Open(string spec, CorpusOptions? options = null)
    {
        options ??= new();
        var (format, path) = Find(spec);
        ICorpus corpus = format.Load(path, options);
        return options.Categories is { } chosen && !chosen.SequenceEqual(corpus.Categories)
            ? CategorySelection.Select(corpus, chosen, $"{spec}, read as {format.Name} ({format.Description})") : corpus;
    }

    private static (CorpusFormat Format, string Path) Find(string spec)
    {
        if (string.IsNullOrWhiteSpace(spec)) throw new UserException("the data has no name; give " + Choices());
        if (Formats.FirstOrDefault(f => f.IsEmbedded && f.Name == spec) is { } embedded) return (embedded, "");
        int colon = spec.IndexOf(':');
        string path = spec;
        CorpusFormat? forced = colon > 0 ? Formats.FirstOrDefault(f => !f.IsEmbedded && f.Name == spec[..colon]) : null;
        if (forced is not null) path = spec[(colon + 1)..];
        bool isFile = File.Exists(path), isFolder = Directory.Exists(path);
        if (!isFile && !isFolder) throw new UserException($"{path}: there is no such file, folder or embedded data; give {Choices()}");
        if (forced is not null) return (forced, path);
        return (Formats.FirstOrDefault(f => f.Recognises(path)) ?? throw new UserException(Unrecognised(path, isFolder)), path);
    }

    private static string Unrecognised(string path, bool isFolder)
    {
        string found = !isFolder ? "a file" : Directory.EnumerateFileSystemEntries(path).Any()
            ? "a folder of " + string.Join(", ", Directory.EnumerateFileSystemEntries(path).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal).Take(4)) + " ..."
            : "an empty folder";
        return $"{path}: found {found}; expected one of: {string.Join("; ", Formats.Where(f => !f.IsEmbedded).Select(f => $"{f.Name}: {f.Description}"))}";
    }

    private static string Choices()
    {
        string names = string.Join(", ", Formats.Where(f => f.IsEmbedded).Select(f => f.Name));
        return (names.Length > 0 ? names + ", or " : "") + "the path of a file or folder";
    }
}
