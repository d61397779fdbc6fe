namespace LoraCollab.Federation.Runs;

/// <summary>The files a run writes into its folder, and how to be rid of them without touching any other.</summary>
internal static class RunFiles
{
    public const string Config = "config.json", Source = "source.json", Manifest = "manifest.json", Summary = "summary.json", Comparators = "comparators.json";

    private const string Rounds = "rounds", Adapters = "adapters", StartFolder = "start";

    /// <summary>What a client's last adapter is made of; the last is there under fedex alone.</summary>
    private static readonly string[] s_adapter = ["adapter_config.json", "adapter_model.safetensors", "base_correction.safetensors"];

    /// <summary>True of metrics.jsonl, trust.jsonl and ledger.jsonl, which grow.</summary>
    public static bool IsLog(string name) => RunFolder.Logs.Any(log => name == log + ".jsonl");

    /// <summary>True of the adapters of a round, by its path below the run folder.</summary>
    public static bool IsRound(string name) => name.StartsWith(Rounds + "/", StringComparison.Ordinal);

    /// <summary>True of what a command knows by itself, and writes anew where it goes on with a run.</summary>
    public static bool IsGiven(string name) => name is Config or Manifest || name.StartsWith(StartFolder + "/", StringComparison.Ordinal);

    /// <summary>Where a run folder keeps the adapters of an aggregation.</summary>
    public static string Round(string root, string scheme, int iteration) =>
        Path.Combine(root, Rounds, scheme, FormattableString.Invariant($"{iteration}.safetensors"));

    /// <summary>Where a run folder keeps the adapter that its clients started from.</summary>
    public static string Start(string root) => Path.Combine(root, StartFolder);

    /// <summary>Where a run folder keeps a client's last adapter.</summary>
    public static string Adapter(string root, string scheme, int client) =>
        Path.Combine(root, Adapters, scheme, FormattableString.Invariant($"client_{client}"));

    /// <summary>Every file that makes a run's result and is there; without the summary.</summary>
    public static IEnumerable<string> OfResult(string root, CollaborationOptions options, int clients)
    {
        IEnumerable<string> named = [Config, Manifest, .. RunFolder.Logs.Select(log => log + ".jsonl")];
        var rounds = options.Schemes.SelectMany(scheme => options.Aggregations().Select(iteration => Round(root, scheme, iteration)));
        var adapters = options.Schemes.SelectMany(scheme => Enumerable.Range(0, clients).SelectMany(i => OfAdapter(Adapter(root, scheme, i))));
        return named.Select(name => Path.Combine(root, name)).Concat(OfAdapter(Start(root))).Concat(rounds).Concat(adapters).Where(File.Exists);
    }

    public static IEnumerable<string> OfAdapter(string folder) => s_adapter.Select(name => Path.Combine(folder, name)).Where(File.Exists);

    /// <summary>
    /// Deletes what a run writes; anything else in the folder, and the folders that hold it, stay. What says that there is a result or a checkpoint goes
    /// first, so that a kill leaves neither without what it names; config.json stays, since it says whose the folder is and is replaced in one piece.
    /// </summary>
    public static void Clear(string root)
    {
        Disk.Delete(Path.Combine(root, Summary));
        Checkpoints.Clear(root);
        foreach (string file in (IEnumerable<string>)[FileHashes.FileName, Source, Manifest, Comparators, RunRecord.AfterLocalFile, "report.html", "report.md",
            .. RunFolder.Logs.Select(log => log + ".jsonl")])
            Disk.Delete(Path.Combine(root, file));
        Remove(Start(root), OfAdapter);
        Remove(Path.Combine(root, "replay"), f => Directory.EnumerateFiles(f, "*.jsonl"));
        foreach (string scheme in StrategyRegistry.Names)
        {
            Remove(Path.Combine(root, Rounds, scheme), f => Directory.EnumerateFiles(f, "*.safetensors").Where(IsRoundFile));
            string adapters = Path.Combine(root, Adapters, scheme);
            if (!Directory.Exists(adapters)) continue;
            foreach (string client in Directory.EnumerateDirectories(adapters, "client_*").ToArray()) Remove(client, OfAdapter);
            Disk.DeleteIfEmpty(adapters);
        }
        Disk.DeleteIfEmpty(Path.Combine(root, Rounds));
        Disk.DeleteIfEmpty(Path.Combine(root, Adapters));
    }

    /// <summary>True of what a killed run leaves in a folder that says nothing yet: a lock, a file half written, an empty folder.</summary>
    public static bool IsLeftOver(string entry)
    {
        if (Path.GetFileName(entry) == FolderLock.FileName || AtomicFile.IsTemporary(entry)) return true;
        var folder = new DirectoryInfo(entry);
        return folder is { Exists: true, LinkTarget: null } && folder.EnumerateFileSystemInfos().All(inner => IsLeftOver(inner.FullName));
    }

    private static bool IsRoundFile(string file) => Path.GetFileNameWithoutExtension(file).All(char.IsAsciiDigit);

    private static void Remove(string folder, Func<string, IEnumerable<string>> files)
    {
        if (!Directory.Exists(folder)) return;
        foreach (string file in files(folder).ToArray()) Disk.Delete(file);
        Disk.DeleteIfEmpty(folder);
    }
}
