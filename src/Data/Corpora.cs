namespace LoraCollab.Data;

/// <summary>The data sets this program can open. A new one is one file and one line in <see cref="Formats"/>.</summary>
public static class Corpora
{
    /// <summary>In the order in which an existing path is tried.</summary>
    public static IReadOnlyList<CorpusFormat> Formats { get; } =
    [
        .. GeneratedCorpora.Formats,
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
        var (format, path) = Find(spec, options);
        string origin = format.IsEmbedded ? spec : path;
        var corpus = ForeignBytes.Within(origin, () => ForeignBytes.Read(origin, format.Description, () => format.Load(path, new CorpusReading(options))));
        return options.Categories is { } chosen && !chosen.SequenceEqual(corpus.Categories)
            ? CategorySelection.Select(corpus, chosen, $"{spec}, read as {format.Name} ({format.Description})") : corpus;
    }

    private static (CorpusFormat Format, string Path) Find(string spec, CorpusOptions options)
    {
        if (string.IsNullOrWhiteSpace(spec)) throw new UserException("the data has no name; give " + Choices());
        if (Formats.FirstOrDefault(f => f.IsEmbedded && f.Name == spec) is { } embedded) return (embedded, "");
        var (forced, path) = Prefixed(spec);
        var kind = FileStatus.Of(path).Kind;
        if (kind == FileKind.Nothing) throw new UserException($"{spec}: there is no such file, folder or embedded data; give {Choices()}");
        if (kind != FileKind.Folder) OrdinaryFile.Require(path);
        return (forced ?? Formats.FirstOrDefault(f => f.Recognises(path, options)) ?? throw new UserException(Unrecognised(path)), path);
    }

    /// <summary>"FORMAT:PATH" taken apart; "PATH" alone has no format.</summary>
    private static (CorpusFormat? Format, string Path) Prefixed(string spec)
    {
        int colon = spec.IndexOf(':');
        var format = colon > 0 ? Formats.FirstOrDefault(f => !f.IsEmbedded && f.Name == spec[..colon]) : null;
        return (format, format is null ? spec : spec[(colon + 1)..]);
    }

    /// <summary>The same data with its path changed; the name of embedded data as it is.</summary>
    public static string WithPath(string spec, Func<string, string> change)
    {
        if (Formats.Any(f => f.IsEmbedded && f.Name == spec)) return spec;
        var (format, path) = Prefixed(spec);
        return (format is null ? "" : format.Name + ":") + change(path);
    }

    private static string Unrecognised(string path)
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(path).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal).Take(5)];
        string found = names.Length == 0 ? "an empty folder" : "a folder of " + string.Join(", ", names.Take(4)) + (names.Length > 4 ? ", …" : "");
        string formats = string.Join("; ", Formats.Where(f => !f.IsEmbedded).Select(f => $"{f.Name}: {f.Description}"));
        // A file of a kind that is not read says by itself what to do with it.
        foreach (string file in names.Select(n => Path.Combine(path, n)).Where(f => FileStatus.Of(f).Kind == FileKind.File)) PackedText.RequireText(file);
        return $"{path}: found {found}; expected one of: {formats}";
    }

    private static string Choices()
    {
        string names = string.Join(", ", Formats.Where(f => f.IsEmbedded).Select(f => f.Name));
        return (names.Length > 0 ? names + ", or " : "") + "the path of a file or folder";
    }
}
