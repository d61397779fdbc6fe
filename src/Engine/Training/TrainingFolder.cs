using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LoraCollab.Engine.Training;

/// <summary>
/// The folder of one training, held by one process at a time: metrics.jsonl; while it runs the last two checkpoints; when it is done the result,
/// hashes.json and summary.json. Each is on the disk before what names it, so that a training killed at any moment goes on to the same bits.
/// </summary>
public sealed class TrainingFolder : IDisposable
{
    private const string SummaryFile = "summary.json", MetricsFile = "metrics.jsonl";
    private const string LastFile = "checkpoint.safetensors", FormerFile = "checkpoint-before.safetensors", NextFile = "checkpoint-next.safetensors";

    /// <summary>How every log begins.</summary>
    private const string FirstKey = "{\"iteration\":";

    /// <summary>What a training's result is made of: an adapter or a model with its tokenizer.</summary>
    private static readonly string[] s_result =
    [
        "config.json", "model.safetensors", "adapter_config.json", "adapter_model.safetensors", "vocab.json", "merges.txt",
        "tokenizer_config.json", "chars.json",
    ];

    /// <summary>What would be replaced in a folder that is somebody else's.</summary>
    private static readonly string[] s_own = [SummaryFile, LastFile, FormerFile, FileHashes.FileName, .. s_result[..4]];

    private static readonly JsonSerializerOptions s_line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FolderLock _lock;
    private readonly string _path, _identity;

    private TrainingFolder(string path, string identity, FolderLock @lock) => (_path, _identity, _lock) = (path, identity, @lock);

    /// <summary>What the training goes on from; null where it begins.</summary>
    public TrainingCheckpoint? Last { get; private set; }

    /// <summary>Refuses a folder that <see cref="Open"/> could not use, and leaves the disk as it was.</summary>
    /// <exception cref="UserException">Another process holds the folder; it holds a finished run or something else, or cannot be written.</exception>
    public static void Check(string path, bool resume, bool fresh)
    {
        if (File.Exists(path)) throw new OptionException("out", path, "expected a folder, found a file");
        WritableFolder.Require(path);
        if (!Directory.Exists(path)) return;
        using (FolderLock.Take(path)) CheckContent(path, resume, fresh);
    }

    /// <summary>Locks the folder and makes it ready for a training.</summary>
    /// <param name="path">The folder, which is made where there is none.</param>
    /// <param name="resume">Go on from the last checkpoint.</param>
    /// <param name="fresh">Take away what an earlier training left.</param>
    /// <param name="identity">Everything that the result depends on, as text: a checkpoint of another text is not resumed.</param>
    /// <param name="note">Told of a damaged checkpoint where the one before takes its place.</param>
    /// <exception cref="UserException">As <see cref="Check"/>, or the checkpoint is of another training, or none is whole.</exception>
    public static TrainingFolder Open(string path, bool resume, bool fresh, string identity, Action<string> note)
    {
        var folder = new TrainingFolder(path, identity, FolderLock.Take(path));
        try
        {
            CheckContent(path, resume, fresh);
            folder.Last = resume ? folder.Load(note) : null;
            AtomicFile.Sweep(path);
            Disk.Delete(folder.At(NextFile));
            if (folder.Last is { } last) folder.CutLog(last.Log.Bytes);
            else folder.Clear();
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Whether a folder still holds what a training wrote into it; null where no training did.</summary>
    public static FolderVerdict? Verify(string path)
    {
        bool Has(string name) => File.Exists(Path.Combine(path, name));
        string[] checkpoints = [.. ((string[])[LastFile, FormerFile]).Where(Has)];
        if (checkpoints.Length == 0 && (!Has(MetricsFile) || Foreign(path) is not null)) return null;
        if (Has(SummaryFile))
            return FolderVerdict.OfHashes("a finished training", path)
                ?? new FolderVerdict("a finished training", 0, [], ["an earlier version wrote it, without hashes: nothing can be checked"]);
        var faults = new List<(string, string)>();
        foreach (string name in checkpoints)
        {
            try
            {
                var found = TrainingCheckpoint.Load(Path.Combine(path, name), out _);
                if (found.Log.Fault(Path.Combine(path, MetricsFile), grows: true) is { } fault) faults.Add((MetricsFile, fault));
            }
            catch (UserException e)
            {
                faults.Add((name, FolderVerdict.Below(path, name, e)));
            }
        }
        return new FolderVerdict("a training that was stopped", checkpoints.Length, [.. faults.Distinct()],
            checkpoints.Length == 0 ? ["it was stopped before its first checkpoint: there is nothing to check"] : []);
    }

    /// <summary>Appends an object to the log as one line.</summary>
    public void Log<T>(T line) => Disk.Append(At(MetricsFile), Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, s_line) + "\n"));

    /// <summary>Stores a checkpoint; the one until now becomes the one before.</summary>
    /// <param name="tensors">Everything that the next step depends on.</param>
    /// <param name="losses">Of training since the evaluation before.</param>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Save(TensorBag tensors, TrainLossSum losses)
    {
        Disk.Flush(At(MetricsFile));
        new TrainingCheckpoint(tensors, losses, FileHash.Of(At(MetricsFile))).Save(At(NextFile), _identity);
        if (File.Exists(At(LastFile))) Disk.Rename(At(LastFile), At(FormerFile));
        Disk.Rename(At(NextFile), At(LastFile));
        Disk.FlushNames(_path);
    }

    /// <summary>Books the result, which stands in the folder, writes summary.json, and takes the checkpoints away.</summary>
    /// <param name="summary">JSON.</param>
    /// <exception cref="UserException">A file cannot be written.</exception>
    public void Finish(string summary)
    {
        Disk.Flush(At(MetricsFile));
        var hashes = new FileHashes();
        foreach (string file in s_result.Append(MetricsFile).Select(At).Where(File.Exists)) hashes.Add(_path, file);
        hashes.Add(SummaryFile, FileHash.Of(Encoding.UTF8.GetBytes(summary)));
        hashes.Save(_path);
        AtomicFile.WriteText(At(SummaryFile), summary);
        // The last one last: until it is gone, resuming can finish this work once more.
        Disk.Delete(At(FormerFile));
        Disk.Delete(At(LastFile));
    }

    public void Dispose() => _lock.Dispose();

    private static void CheckContent(string path, bool resume, bool fresh)
    {
        bool Has(string name) => File.Exists(Path.Combine(path, name));
        if (Foreign(path) is { } foreign)
            throw new OptionException("out", path, $"the folder holds {foreign}, which no training run wrote there; choose a new or empty folder");
        bool begun = Has(LastFile) || Has(FormerFile);
        if (fresh || (resume && begun)) return;
        if (Has(SummaryFile)) throw new OptionException("out", path, "the folder already holds a finished run") { Remedy = Remedy.ReplaceOrElsewhere };
        if (begun) throw new OptionException("out", path, "the folder holds an unfinished run") { Remedy = Remedy.ResumeOrBeginAnew };
    }

    /// <summary>
    /// A file that a run would replace in a folder without a training's log; null where there is none. A log is a training's if its first line has an
    /// iteration and a validation loss, as far as it was written.
    /// </summary>
    private static string? Foreign(string path)
    {
        string log = Path.Combine(path, MetricsFile);
        if (!File.Exists(log)) return s_own.FirstOrDefault(name => File.Exists(Path.Combine(path, name)));
        string first = File.ReadLines(log).FirstOrDefault("");
        bool torn = new FileInfo(log).Length == Encoding.UTF8.GetByteCount(first);
        return (torn && (FirstKey.StartsWith(first, StringComparison.Ordinal) || first.StartsWith(FirstKey, StringComparison.Ordinal))) || IsOurs(first)
            ? null : "a " + MetricsFile;
    }

    private static bool IsOurs(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("iteration", out _)
                && json.RootElement.TryGetProperty("validation_loss", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The last checkpoint that is whole; null where there is none at all.</summary>
    private TrainingCheckpoint? Load(Action<string> note)
    {
        var faults = new List<string>();
        foreach (string file in ((string[])[At(LastFile), At(FormerFile)]).Where(File.Exists))
        {
            TrainingCheckpoint found;
            string identity;
            try
            {
                found = TrainingCheckpoint.Load(file, out identity);
                if (found.Log.Fault(At(MetricsFile), grows: true) is { } fault) throw new UserException($"{At(MetricsFile)}: {fault}");
            }
            catch (UserException e)
            {
                faults.Add(e.Message);
                continue;
            }
            if (identity != _identity)
                throw new UserException($"{file}: the checkpoint belongs to a run with other options or data") { Remedy = Remedy.BeginAnew };
            if (faults.Count == 0) return found;
            note($"{faults[0]}; the run goes on from the checkpoint before");
            Disk.Rename(file, At(LastFile));
            return found;
        }
        return faults.Count == 0 ? null
            : throw new UserException($"{string.Join("; and the checkpoint before: ", faults)}; no checkpoint is whole") { Remedy = Remedy.BeginAnew };
    }

    /// <summary>What says that there is a result or a checkpoint goes first; the log stays, empty: it says whose the folder is.</summary>
    private void Clear()
    {
        foreach (string name in (string[])[SummaryFile, LastFile, FormerFile, FileHashes.FileName]) Disk.Delete(At(name));
        AtomicFile.WriteText(At(MetricsFile), "");
    }

    private void CutLog(long bytes)
    {
        if (new FileInfo(At(MetricsFile)).Length > bytes) Disk.Cut(At(MetricsFile), bytes);
    }

    private string At(string name) => Path.Combine(_path, name);
}
