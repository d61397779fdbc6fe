using LoraCollab.Data;

namespace LoraCollab.Federation;

/// <summary>
/// The folder of one run: config.json, source.json, manifest.json, metrics.jsonl, trust.jsonl, ledger.jsonl, rounds/SCHEME/ITERATION.safetensors, adapters/SCHEME/client_I/,
/// checkpoints/ and summary.json. Whole files are written beside their target and renamed; one process holds the folder at a time.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>Names of the logs.</summary>
    public static IReadOnlyList<string> Logs { get; } = ["metrics", "trust", "ledger"];

    private const string ConfigFile = "config.json", SourceFile = "source.json", LockName = "lock";

    private readonly FileStream _lock;

    private RunFolder(string path, FileStream @lock, RunState state) => (Root, _lock, State) = (path, @lock, state);

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>What it held when it was opened.</summary>
    public RunState State { get; }

    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>The log of that name: metrics, trust or ledger.</summary>
    public RunLog Log(string name) => new(Path.Combine(Root, name + ".jsonl"));

    public string RoundFile(string scheme, int iteration) => RoundFile(Root, scheme, iteration);

    /// <summary>Where a run folder keeps the adapters of an aggregation.</summary>
    public static string RoundFile(string path, string scheme, int iteration) => Path.Combine(path, "rounds", scheme, FormattableString.Invariant($"{iteration}.safetensors"));

    public string AdapterFolder(string scheme, int client) => AdapterFolder(Root, scheme, client);

    /// <summary>Where a run folder keeps a client's last adapter.</summary>
    public static string AdapterFolder(string path, string scheme, int client) => Path.Combine(path, "adapters", scheme, FormattableString.Invariant($"client_{client}"));

    /// <summary>Opens a folder for a run and locks it.</summary>
    /// <param name="identity">What the run is.</param>
    /// <param name="settings">Where, and whether to go on or to begin anew.</param>
    /// <exception cref="UserException">
    /// It cannot be written; another process holds it; it holds something else, another run, or a run to be resumed that was not asked to be.
    /// </exception>
    public static RunFolder Open(RunIdentity identity, RunSettings settings) =>
        Held(settings.FolderOf(identity.Id()), (path, @lock) => new RunFolder(path, @lock, Prepare(path, identity, settings)));

    /// <summary>Refuses what <see cref="Open"/> would refuse, and leaves the disk as it was.</summary>
    /// <exception cref="UserException">As there.</exception>
    public static RunState Check(RunIdentity identity, RunSettings settings)
    {
        string path = settings.FolderOf(identity.Id());
        string[] missing = [.. WritableFolder.Missing(path)];
        try
        {
            return Held(path, (_, @lock) =>
            {
                var state = StateOf(path, identity, settings);
                @lock.Dispose();
                return state;
            });
        }
        finally
        {
            foreach (string folder in missing) RunFiles.DeleteIfEmpty(folder);
        }
    }

    /// <summary>Reads the result of a folder.</summary>
    /// <exception cref="UserException">There is none, or it is not one of ours.</exception>
    public static RunSummary ReadSummary(string path)
    {
        string file = Path.Combine(path, "summary.json");
        if (!File.Exists(file))
            throw new UserException($"{path}: {(Directory.Exists(path) ? "the run has not finished: it has no summary.json" : "there is no such run folder")}; "
                + "the command that makes it goes on where it stopped");
        var summary = RunJson.Parse<RunSummary>(file, TextFile.Read(file));
        RunConsistency.Require(file, summary);
        return summary.Named();
    }

    /// <summary>The comparators of a folder's run by name; none where none were asked for.</summary>
    /// <exception cref="UserException">comparators.json is damaged.</exception>
    public static IReadOnlyDictionary<string, ComparatorSummary> ReadComparators(string path)
    {
        string file = Path.Combine(path, "comparators.json");
        if (!File.Exists(file)) return new Dictionary<string, ComparatorSummary>();
        var found = RunJson.Parse<Dictionary<string, ComparatorSummary>>(file, TextFile.Read(file));
        RunConsistency.Require(file, found);
        return found;
    }

    /// <summary>How a folder's run opened model and data, options by their names; empty where that was not kept.</summary>
    /// <exception cref="UserException">source.json is damaged.</exception>
    public static IReadOnlyDictionary<string, string> ReadSource(string path)
    {
        string file = Path.Combine(path, SourceFile);
        if (!File.Exists(file)) return new Dictionary<string, string>();
        var source = RunJson.Parse<Dictionary<string, string>>(file, TextFile.Read(file));
        foreach (var (name, value) in source) new RunPlace(file).Require(value is not null && !value.Contains('\0'), $"{ForeignText.Quoted(name)} has no value");
        return source;
    }

    /// <summary>What a folder's run is: its config.json, whose options make a run.</summary>
    /// <exception cref="UserException">config.json is missing, damaged or of another version.</exception>
    public static RunIdentity ReadIdentity(string path)
    {
        string file = Path.Combine(path, ConfigFile);
        var identity = Stored(file);
        ForeignBytes.Within(file, identity.Options.Resolve);
        return identity;
    }

    public void WriteSummary(RunSummary summary) => AtomicFile.WriteText(Path.Combine(Root, "summary.json"), summary.ToJson());

    public void WriteManifest(ClientManifest manifest) => manifest.Save(Path.Combine(Root, "manifest.json"));

    /// <summary>The checkpoints are of no use once the result stands.</summary>
    public void DropCheckpoints() => Checkpoint.Clear(Checkpoints);

    public void Dispose() => _lock.Dispose();

    /// <summary>Makes and locks the folder and hands both over; where <paramref name="use"/> fails, the lock is given back.</summary>
    private static T Held<T>(string path, Func<string, FileStream, T> use)
    {
        if (File.Exists(path)) throw new UserException($"--out {path}: expected a folder, found a file; choose another folder");
        try
        {
            RequireOwn(path);
            Directory.CreateDirectory(path);
            var @lock = Lock(path);
            try
            {
                return use(path, @lock);
            }
            catch
            {
                @lock.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new UserException($"--out {path}: the folder cannot be written: {e.Message}", e);
        }
    }

    private static RunState Prepare(string path, RunIdentity identity, RunSettings settings)
    {
        var state = StateOf(path, identity, settings);
        if (settings.Fresh || state == RunState.InterruptedWithoutCheckpoint) RunFiles.Clear(path);
        if (state is RunState.New or RunState.InterruptedWithoutCheckpoint) AtomicFile.WriteText(Path.Combine(path, ConfigFile), RunJson.File(identity));
        string source = Path.Combine(path, SourceFile);
        if (settings.Source is not null && !File.Exists(source)) AtomicFile.WriteText(source, RunJson.File(settings.Source));
        return state;
    }

    private static RunState StateOf(string path, RunIdentity identity, RunSettings settings)
    {
        string config = Path.Combine(path, ConfigFile);
        if (settings.Fresh || !File.Exists(config)) return RunState.New;
        var stored = Stored(config);
        if (stored.Id() != identity.Id())
            throw new UserException($"--out {path}: it holds the run {stored.Id()}, which {Difference(stored, identity)}; choose another folder, or give --fresh to replace it");
        if (File.Exists(Path.Combine(path, "summary.json"))) return RunState.Finished;
        if (!settings.Resume) throw new UserException($"--out {path}: it holds a run that was stopped; give --resume to go on, or --fresh to begin anew");
        return File.Exists(Checkpoint.IndexOf(path)) ? RunState.Interrupted : RunState.InterruptedWithoutCheckpoint;
    }

    private static RunIdentity Stored(string config) => RunJson.Parse<RunIdentity>(config, TextFile.Read(config));

    /// <summary>The first key in which two runs differ.</summary>
    private static string Difference(RunIdentity stored, RunIdentity wanted)
    {
        var (a, b) = (RunJson.Flat(stored), RunJson.Flat(wanted));
        string key = a.Keys.Union(b.Keys).Order(StringComparer.Ordinal).First(k => a.GetValueOrDefault(k) != b.GetValueOrDefault(k));
        return $"has {key} = {a.GetValueOrDefault(key, "none")} instead of {b.GetValueOrDefault(key, "none")}";
    }

    private static void RequireOwn(string path)
    {
        string config = Path.Combine(path, ConfigFile);
        if (File.Exists(config))
        {
            try
            {
                Stored(config);
                return;
            }
            catch (UserException e)
            {
                throw new UserException($"--out {path}: its config.json is not of a run, so nothing in the folder is touched; choose a new or empty folder", e);
            }
        }
        if (!Directory.Exists(path)) return;
        if (Directory.EnumerateFileSystemEntries(path).FirstOrDefault(e => Path.GetFileName(e) != LockName) is { } foreign)
            throw new UserException($"--out {path}: the folder holds {Path.GetFileName(foreign)} and is not of a run; choose a new or empty folder");
    }

    private static FileStream Lock(string path)
    {
        string name = Path.Combine(path, LockName);
        try
        {
            return new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (File.Exists(name))
        {
            throw new UserException($"--out {path}: another process is writing this run; wait for it, or choose another folder", e);
        }
    }
}
