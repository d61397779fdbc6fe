namespace LoraCollab.Data.Corpus;

/// <summary>
/// The walk over a folder that every format takes: ordinary files alone, each once however many names and links lead to it, nothing whose name begins with a
/// dot, in the order of the names below the folder (by code units, so on every system the same). What is passed over is noted.
/// </summary>
internal sealed class FolderWalk
{
    private readonly bool _deep;
    private readonly Func<SourceFile, ReadingNote?> _passOver;
    private readonly ReadingNotes _notes;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<SourceFile> _found = [];
    private List<SourceFile> _links = [];

    private FolderWalk(bool deep, Func<SourceFile, ReadingNote?> passOver, ReadingNotes notes) => (_deep, _passOver, _notes) = (deep, passOver, notes);

    /// <param name="folder">Where to begin; nothing is found where it is no folder.</param>
    /// <param name="deep">Folders below it too.</param>
    /// <param name="passOver">Why a file is not read; null: it is.</param>
    /// <param name="notes">Told what is left out.</param>
    public static IReadOnlyList<SourceFile> Files(string folder, bool deep, Func<SourceFile, ReadingNote?> passOver, ReadingNotes notes)
    {
        if (FileStatus.Of(folder).Kind != FileKind.Folder) return [];
        var walk = new FolderWalk(deep, passOver, notes);
        walk.SeeAbove(folder);
        walk.Descend(folder, "");
        // Links come last: what is found without them is called by its own name.
        while (walk._links.Count > 0)
        {
            (var links, walk._links) = (walk._links, []);
            foreach (var link in links.OrderBy(l => l.Name, StringComparer.Ordinal)) walk.Take(link, isLink: true);
        }
        return [.. walk._found.OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    /// <summary>The folder itself and those it lies in: a link back to them shows nothing new, or leads out of the data.</summary>
    private void SeeAbove(string folder)
    {
        for (string above = folder; _seen.Add(FileStatus.Of(above).Identity);) above = Path.Combine(above, "..");
    }

    private void Descend(string folder, string prefix)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var file = new SourceFile(Path.Combine(folder, entry.Name), prefix + entry.Name);
            if (entry.Name.StartsWith('.')) _notes.Add(ReadingNote.Hidden, file.Name);
            else if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint)) _links.Add(file);
            else Take(file, isLink: false);
        }
    }

    private void Take(SourceFile file, bool isLink)
    {
        var status = FileStatus.Of(file.Path);
        var note = status.Kind switch
        {
            FileKind.File => _passOver(file),
            FileKind.Folder => _deep ? null : ReadingNote.Folder,
            FileKind.Pipe => ReadingNote.Pipe,
            FileKind.Socket => ReadingNote.Socket,
            FileKind.Device => ReadingNote.Device,
            _ => isLink ? ReadingNote.Nowhere : ReadingNote.OtherKind, // the latter where the name itself is no text
        };
        if (note is null && !_seen.Add(status.Identity)) note = ReadingNote.Again;
        if (note is not null) _notes.Add(note, file.Name);
        else if (status.Kind == FileKind.Folder) Descend(file.Path, file.Name + "/");
        else _found.Add(file);
    }
}
