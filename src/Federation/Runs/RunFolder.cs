using System.Text;

namespace LoraCollab.Federation.Runs;

/// <summary>
/// The folder of one run: config.json, source.json, manifest.json, metrics.jsonl, trust.jsonl, ledger.jsonl, rounds/SCHEME/ITERATION.safetensors,
/// adapters/SCHEME/client_I/, checkpoints/, hashes.json and summary.json. Whole files are written beside their target and renamed; one process holds the folder
/// at a time.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>Names of the logs.</summary>
    public static IReadOnlyList<string> Logs { get; } = ["metrics", "trust", "ledger"];

    private readonly FolderLock _lock;

    private RunFolder(string path, FolderLock @lock, RunState state) => (Root, _lock, State) = (path, @lock, state);

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>What it held when it was opened.</summary>
    public RunState State { get; }

    /// <summary>What the run has written so far, logs aside.</summary>
    internal FileHashes Hashes { get; set; } = new();

    /// <summary>The log of that name: metrics, trust or ledger.</summary>
    public RunLog Log(string name) => new(Path.Combine(Root, name + ".jsonl"));

    /// <summary>Where a run folder keeps the adapters of an aggregation.</summary>
    public static string RoundFile(string path, string scheme, int iteration) => RunFiles.Round(path, scheme, iteration);

    /// <summary>Where a run folder keeps a client's last adapter.</summary>
    public static string AdapterFolder(string path, string scheme, int client) => RunFiles.Adapter(path, scheme, client);

    /// <summary>Reads a client's last adapter under a scheme.</summary>
    /// <exception cref="UserException">It is missing or damaged, or was made for another model.</exception>
    public static PeftAdapter ReadAdapter(string path, string scheme, int client, GptConfig model)
    {
        string folder = AdapterFolder(path, scheme, client);
        var adapter = PeftAdapter.Load(folder, model);
        StoredResult.Require(path, [.. RunFiles.OfAdapter(folder).Select(file => FileHashes.NameOf(path, file))]);
        return adapter;
    }

    /// <summary>Reads the adapter that a run's clients started from.</summary>
    /// <exception cref="UserException">It is missing or damaged, or was made for another model.</exception>
    public static PeftAdapter ReadStart(string path, GptConfig model)
    {
        string folder = RunFiles.Start(path);
        var start = PeftAdapter.Load(folder, model);
        StoredResult.Require(path, [.. RunFiles.OfAdapter(folder).Select(file => FileHashes.NameOf(path, file))]);
        return start;
    }

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
            foreach (string folder in missing) Disk.DeleteIfEmpty(folder);
        }
    }

    /// <summary>Reads the result of a folder.</summary>
    /// <exception cref="UserException">There is none, or it is not one of ours, or damaged.</exception>
    public static RunSummary ReadSummary(string path)
    {
        string file = Path.Combine(path, RunFiles.Summary);
        if (!File.Exists(file))
            throw new UserException($"{path}: {(Directory.Exists(path) ? "the run has not finished: it has no summary.json" : "there is no such run folder")}; "
                + "the command that makes it goes on where it stopped");
        var summary = RunJson.Parse<RunSummary>(file, TextFile.Read(file));
        RunConsistency.Require(file, summary);
        StoredResult.Require(path, RunFiles.Summary);
        return summary.Named();
    }

    /// <summary>The comparators of a folder's run by name; none where none were asked for.</summary>
    /// <exception cref="UserException">comparators.json is damaged.</exception>
    public static IReadOnlyDictionary<string, ComparatorSummary> ReadComparators(string path)
    {
        string file = Path.Combine(path, RunFiles.Comparators);
        if (!StoredResult.Holds(path, RunFiles.Comparators)) return new Dictionary<string, ComparatorSummary>();
        var found = RunJson.Parse<Dictionary<string, ComparatorSummary>>(file, TextFile.Read(file));
        RunConsistency.Require(file, found);
        return found;
    }

    /// <summary>How a folder's run opened model and data, options by their names; empty where that was not kept.</summary>
    /// <exception cref="UserException">source.json is damaged.</exception>
    public static IReadOnlyDictionary<string, string> ReadSource(string path)
    {
        string file = Path.Combine(path, RunFiles.Source);
        if (!File.Exists(file)) return new Dictionary<string, string>();
        var source = RunJson.Parse<Dictionary<string, string>>(file, TextFile.Read(file));
        foreach (var (name, value) in source)
            new RunPlace(file).Require(value is not null && !value.Contains('\0'), $"{ForeignText.Quoted(name)} has no value");
        return source;
    }

    /// <summary>What a folder's run is: its config.json, whose options make a run.</summary>
    /// <exception cref="UserException">config.json is missing, damaged or of another version.</exception>
    public static RunIdentity ReadIdentity(string path)
    {
        string file = Path.Combine(path, RunFiles.Config);
        var identity = Stored(file);
        ForeignBytes.Within(file, identity.Options.Resolve);
        return identity;
    }

    /// <summary>Writes who holds what, where it does not stand there already.</summary>
    public void WriteManifest(ClientManifest manifest)
    {
        WriteIfOther(Path.Combine(Root, RunFiles.Manifest), manifest.ToJson());
        foreach (string name in (string[])[RunFiles.Config, RunFiles.Manifest]) Hashes.Add(Root, Path.Combine(Root, name));
    }

    /// <summary>Keeps the adapter that the clients start from, so that the folder is enough to go back to the run.</summary>
    internal void WriteStart(PeftAdapter start, GptConfig model, string baseModel)
    {
        string folder = RunFiles.Start(Root);
        start.Save(folder, model, baseModel);
        foreach (string file in RunFiles.OfAdapter(folder)) Hashes.Add(Root, file);
    }

    /// <summary>
    /// Keeps the adapters of an aggregation; of the scheme's earlier ones those that the run wrote are deleted where only the last is wanted.
    /// </summary>
    internal void KeepRound(CollaborationOptions options, KeepRounds keep, string scheme, int iteration, FlatLayout layout, RoundAdapters adapters)
    {
        if (keep == KeepRounds.None) return;
        string file = RoundFile(Root, scheme, iteration);
        Runs.RoundFile.Write(file, layout, adapters.Who.Present, adapters.Now);
        Hashes.Add(Root, file);
        if (keep == KeepRounds.All) return;
        foreach (int earlier in options.Aggregations().TakeWhile(i => i < iteration))
        {
            Disk.Delete(RoundFile(Root, scheme, earlier));
            Hashes.Remove(Root, RoundFile(Root, scheme, earlier));
        }
    }

    /// <summary>Stores a client's last adapter.</summary>
    internal void WriteAdapter(string scheme, int client, PeftAdapter adapter, GptConfig model, string baseModel)
    {
        string folder = AdapterFolder(Root, scheme, client);
        adapter.Save(folder, model, baseModel);
        foreach (string file in RunFiles.OfAdapter(folder)) Hashes.Add(Root, file);
    }

    /// <summary>Stores the result. The checkpoints are of no use once it stands.</summary>
    internal void Finish(CollaborationOptions options, RunSummary summary)
    {
        StoredResult.Write(this, options, summary);
        Checkpoints.Clear(Root);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Makes and locks the folder and hands both over; where <paramref name="use"/> fails, the lock is given back.</summary>
    private static T Held<T>(string path, Func<string, FolderLock, T> use)
    {
        if (File.Exists(path)) throw new OptionException("out", path, "expected a folder, found a file; choose another folder");
        try
        {
            RequireOwn(path);
            var @lock = FolderLock.Take(path);
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
            throw new OptionException("out", path, $"the folder cannot be written: {e.Message}", e);
        }
    }

    private static RunState Prepare(string path, RunIdentity identity, RunSettings settings)
    {
        AtomicFile.Sweep(path);
        var state = StateOf(path, identity, settings);
        if (state == RunState.Finished)
        {
            Checkpoints.Clear(path);
            return state;
        }
        if (state != RunState.Interrupted) RunFiles.Clear(path);
        WriteIfOther(Path.Combine(path, RunFiles.Config), RunJson.File(identity));
        string source = Path.Combine(path, RunFiles.Source);
        if (settings.Source is not null && !File.Exists(source)) AtomicFile.WriteText(source, RunJson.File(settings.Source));
        return state;
    }

    private static void WriteIfOther(string file, string text)
    {
        if (!File.Exists(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text))) AtomicFile.WriteText(file, text);
    }

    private static RunState StateOf(string path, RunIdentity identity, RunSettings settings)
    {
        string config = Path.Combine(path, RunFiles.Config);
        if (settings.Fresh || !File.Exists(config)) return RunState.New;
        var stored = Stored(config);
        if (stored.Id() != identity.Id())
            throw new OptionException("out", path, $"it holds the run {stored.Id()}, which {Difference(stored, identity)}")
            {
                Remedy = Remedy.ReplaceOrElsewhere,
            };
        if (File.Exists(Path.Combine(path, RunFiles.Summary)))
        {
            StoredResult.Require(path);
            return RunState.Finished;
        }
        if (!settings.Resume) throw new OptionException("out", path, "it holds a run that was stopped") { Remedy = Remedy.ResumeOrBeginAnew };
        return Checkpoints.Exist(path) ? RunState.Interrupted : RunState.InterruptedWithoutCheckpoint;
    }

    private static RunIdentity Stored(string config) => RunJson.Parse<RunIdentity>(config, TextFile.Read(config));

    /// <summary>The first key in which two runs differ.</summary>
    private static string Difference(RunIdentity stored, RunIdentity wanted)
    {
        var (a, b) = (RunJson.Flat(stored), RunJson.Flat(wanted));
        string key = a.Keys.Union(b.Keys).Order(StringComparer.Ordinal).First(k => a.GetValueOrDefault(k) != b.GetValueOrDefault(k));
        return $"has {key} = {Short(a.GetValueOrDefault(key, "none"))} instead of {Short(b.GetValueOrDefault(key, "none"))}";
        static string Short(string value) => value.Length <= 100 ? value : value[..99] + "…";
    }

    private static void RequireOwn(string path)
    {
        string config = Path.Combine(path, RunFiles.Config);
        if (File.Exists(config))
        {
            try
            {
                Stored(config);
                return;
            }
            catch (UserException e)
            {
                throw new OptionException("out", path, "its config.json is not of a run, so nothing in the folder is touched; choose a new or empty folder", e);
            }
        }
        if (!Directory.Exists(path)) return;
        if (Directory.EnumerateFileSystemEntries(path).FirstOrDefault(entry => !RunFiles.IsLeftOver(entry)) is { } foreign)
            throw new OptionException("out", path, $"the folder holds {Path.GetFileName(foreign)} and is not of a run; choose a new or empty folder");
    }
}

/// <summary>What a run folder held when it was opened.</summary>
public enum RunState
{
    /// <summary>Nothing, or it was asked to begin anew.</summary>
    New,

    /// <summary>A run that was stopped after a checkpoint.</summary>
    Interrupted,

    /// <summary>A run that was stopped before its first checkpoint: it begins anew.</summary>
    InterruptedWithoutCheckpoint,

    /// <summary>The result.</summary>
    Finished,
}
