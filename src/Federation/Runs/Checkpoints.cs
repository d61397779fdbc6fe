using System.Text.RegularExpressions;

namespace LoraCollab.Federation.Runs;

/// <summary>
/// The last two checkpoints of a run: checkpoints/index.json and, of the one before, checkpoints/previous.json. Each names the file with its clients' tensors
/// and the SHA-256 of every file it rests on. An index is replaced last, when all that it names is on the disk: a kill leaves the former two or the new two.
/// </summary>
internal sealed partial class Checkpoints(RunFolder folder)
{
    private const string FolderName = "checkpoints", IndexFile = "index.json", FormerFile = "previous.json", SharedFile = "shared.safetensors";

    /// <summary>The newest that is whole, as its index holds it.</summary>
    private (Checkpoint Checkpoint, string Text)? _last;

    private string Folder => FolderOf(folder.Root);

    /// <summary>True where a run folder holds something to go on from.</summary>
    public static bool Exist(string root) => Indexes(root).Any(File.Exists);

    /// <summary>The indexes of a run folder, the newer first; they need not be there.</summary>
    public static IReadOnlyList<string> Indexes(string root) => [Path.Combine(FolderOf(root), IndexFile), Path.Combine(FolderOf(root), FormerFile)];

    /// <summary>Stores the clients as they are; the checkpoint until now becomes the one before.</summary>
    /// <exception cref="UserException">The folder cannot be written.</exception>
    public void Save(RunProgress progress, TensorBag clients)
    {
        string name = FormattableString.Invariant($"stage{progress.Stage + 1}-iteration{progress.Iteration}-{Guid.NewGuid():N}.safetensors");
        clients.Save(Path.Combine(Folder, name));
        var hashes = new FileHashes(Folder, folder.Hashes.Files);
        hashes.Add(folder.Root, Path.Combine(Folder, name));
        foreach (var log in RunFolder.Logs.Select(folder.Log).Where(log => File.Exists(log.Path)))
        {
            Disk.Flush(log.Path);
            hashes.Add(folder.Root, log.Path);
        }
        Disk.FlushNames(folder.Root);
        var checkpoint = new Checkpoint(name, progress) { Hashes = hashes.Files };
        if (_last is { } former) AtomicFile.WriteText(Path.Combine(Folder, FormerFile), former.Text);
        AtomicFile.WriteText(Path.Combine(Folder, IndexFile), checkpoint.ToText());
        RemoveTensors(Folder, except: [name, _last?.Checkpoint.File]);
        _last = (checkpoint, checkpoint.ToText());
    }

    /// <summary>The last checkpoint that is whole, and its tensors.</summary>
    /// <param name="options">The run's.</param>
    /// <param name="count">Of clients.</param>
    /// <param name="note">Told what is damaged, where it is not the last one, and what else the user should know.</param>
    /// <exception cref="UserException">None is whole.</exception>
    public (RunProgress Progress, TensorBag Clients) Load(CollaborationOptions options, int count, Action<string> note)
    {
        var faults = new List<string>();
        foreach (string index in Indexes(folder.Root))
        {
            try
            {
                string text = TextFile.Read(index);
                var found = Checkpoint.Parse(index, text);
                foreach (var (name, fault) in Faults(folder.Root, found).Where(f => !RunFiles.IsGiven(f.Name)))
                    throw new UserException($"{Path.Combine(folder.Root, name)}: {fault}");
                RunConsistency.Require(index, found.Progress, options, count);
                var clients = TensorBag.Load(PlainName.Inside(Folder, found.File, index));
                _last = (found, text);
                if (faults.Count > 0) note($"{faults[0]}; the run goes on from the checkpoint before");
                if (found.Hashes is null) note($"{index}: an earlier version wrote it, without hashes; it is used unchecked");
                folder.Hashes = Written(found, note);
                return (found.Progress, clients);
            }
            catch (UserException e)
            {
                faults.Add(e.Message);
            }
        }
        throw new UserException($"{string.Join("; and the checkpoint before: ", faults)}; no checkpoint is whole") { Remedy = Remedy.BeginAnew };
    }

    /// <summary>
    /// What is not as a checkpoint says. Adapters of earlier rounds may be gone: a run that keeps the last alone deletes them, and nothing is computed from
    /// them.
    /// </summary>
    public static IEnumerable<(string Name, string Fault)> Faults(string root, Checkpoint checkpoint) => checkpoint.Hashes is null ? []
        : new FileHashes(FolderOf(root), checkpoint.Hashes).Faults(root, RunFiles.IsLog).Where(f => !(f.Fault == FileHash.Missing && RunFiles.IsRound(f.Name)));

    /// <summary>Stores the clients at the end of the shared iterations, where every scheme begins.</summary>
    /// <exception cref="UserException">The folder cannot be written.</exception>
    public void SaveShared(TensorBag clients)
    {
        clients.Save(Path.Combine(Folder, SharedFile));
        folder.Hashes.Add(folder.Root, Path.Combine(Folder, SharedFile));
    }

    /// <exception cref="UserException">The file is missing or damaged.</exception>
    public TensorBag LoadShared() => TensorBag.Load(Path.Combine(Folder, SharedFile));

    /// <summary>
    /// Deletes every checkpoint of a run folder, the indexes first, so that a kill leaves none that names what is gone; and the folder if nothing else is in
    /// it.
    /// </summary>
    public static void Clear(string root)
    {
        foreach (string index in Indexes(root)) Disk.Delete(index);
        Disk.Delete(Path.Combine(FolderOf(root), SharedFile));
        RemoveTensors(FolderOf(root), except: []);
        Disk.DeleteIfEmpty(FolderOf(root));
    }

    /// <summary>The files of a checkpoint that later ones rest on as they are.</summary>
    private FileHashes Written(Checkpoint checkpoint, Action<string> note)
    {
        var written = new FileHashes();
        foreach (var (name, hash) in checkpoint.Hashes ?? new Dictionary<string, FileHash>())
        {
            if (RunFiles.IsLog(name) || RunFiles.IsGiven(name) || Path.GetFileName(name) == checkpoint.File) continue;
            if (!RunFiles.IsRound(name) || File.Exists(Path.Combine(folder.Root, name))) written.Add(name, hash);
            else note($"{Path.Combine(folder.Root, name)}: missing; the run does not need it, but `replay` of this round will");
        }
        return written;
    }

    private static string FolderOf(string root) => Path.Combine(root, FolderName);

    private static void RemoveTensors(string folder, string?[] except)
    {
        if (!Directory.Exists(folder)) return;
        foreach (string name in Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).ToArray())
            if (TensorsName().IsMatch(name) && !except.Contains(name)) Disk.Delete(Path.Combine(folder, name));
    }

    [GeneratedRegex(@"^stage\d+-iteration\d+-[0-9a-f]{32}\.safetensors$")]
    private static partial Regex TensorsName();
}

/// <summary>What a stopped run goes on from, as <see cref="Checkpoints"/> keeps it.</summary>
/// <param name="File">Name of the file with the clients' tensors, beside the index.</param>
/// <param name="Progress">How far the run is.</param>
internal sealed record Checkpoint(string File, RunProgress Progress)
{
    /// <summary>
    /// Every file that the run has written until then and goes on from, by its path below the run folder; null in checkpoints of earlier versions.
    /// </summary>
    public IReadOnlyDictionary<string, FileHash>? Hashes { get; init; }

    /// <summary>As an index holds it.</summary>
    public string ToText() => SealedJson.Seal(RunJson.File(this));

    /// <exception cref="UserException">The text is damaged.</exception>
    public static Checkpoint Parse(string origin, string text)
    {
        string? sealedText = SealedJson.Open(origin, text);
        var found = ForeignBytes.Read(origin, "a checkpoint", () => RunJson.Parse<Checkpoint>(origin, sealedText ?? text));
        if (sealedText is null && found.Hashes is not null) throw new UserException($"{origin}: damaged: the SHA-256 of its own text is missing at its end");
        if (!PlainName.IsPlain(found.File) || found.Progress is null)
            throw new UserException($"{origin}: damaged: expected the name of a file beside it and how far the run is");
        return found;
    }
}
