namespace LoraCollab.Federation.Runs;

/// <summary>Everything a finished run has written down, read back from its folder; adapters and rounds stay on disk.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Identity">config.json.</param>
/// <param name="Manifest">manifest.json.</param>
/// <param name="Metrics">metrics.jsonl, in the order of the file.</param>
/// <param name="Trust">trust.jsonl, likewise.</param>
/// <param name="Ledger">ledger.jsonl, likewise.</param>
/// <param name="Summary">summary.json.</param>
/// <param name="Comparators">comparators.json by name; empty where none were asked for.</param>
/// <param name="AfterLocal">trust-after-local.jsonl: what the schemes would say after purely local training; empty where there is none.</param>
public sealed record RunRecord(
    string Folder, RunIdentity Identity, ClientManifest Manifest, IReadOnlyList<MetricsLine> Metrics, IReadOnlyList<TrustLine> Trust,
        IReadOnlyList<LedgerEntry> Ledger,
    RunSummary Summary, IReadOnlyDictionary<string, ComparatorSummary> Comparators, IReadOnlyList<TrustLine> AfterLocal)
{
    /// <summary>Name of the file with the trust after purely local training.</summary>
    public const string AfterLocalFile = "trust-after-local.jsonl";

    /// <summary>Names of the schemes, in the order they ran.</summary>
    public IReadOnlyList<string> Schemes { get; } = [.. Summary.Schemes.Keys];

    /// <summary>[N][K]: token shares over the categories; K = 0 where the data has none.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Shares { get; } = [.. Manifest.Clients.Select(c => c.Shares)];

    /// <summary>[M][M]: the trust that the clients' true shares ask for, under the run's topology; null where the data has no categories.</summary>
    /// <param name="among">Those who take part; null: all.</param>
    public double[][]? TheoreticalTrust(Participation? among = null)
    {
        var who = among ?? Participation.All(Manifest.Clients.Count);
        return Manifest.Categories.Count == 0 ? null
            : PlantedStructure.Trust(who.Of(Shares), Topology.Parse(Identity.Options.Topology, who.Clients).Among(who));
    }

    /// <summary>The aggregations of one scheme, from first to last; none for a scheme that never mixes.</summary>
    public IReadOnlyList<TrustLine> RoundsOf(string scheme) => [.. Trust.Where(line => line.Scheme == scheme)];

    /// <summary>Reads the folder of a finished run.</summary>
    /// <exception cref="UserException">There is no folder, it is not of a run, the run has not finished, or a file is missing or damaged.</exception>
    public static RunRecord Read(string folder)
    {
        string At(string name) => Path.Combine(folder, name);
        if (!Directory.Exists(folder)) throw new UserException($"{folder}: no such folder; name the folder of a run, such as runs/ID");
        if (!File.Exists(At("config.json"))) throw new UserException($"{folder}: not the folder of a run: it has no config.json");
        if (!File.Exists(At("summary.json"))) throw new UserException($"{folder}: the run has not finished") { Remedy = Remedy.Resume };
        var record = new RunRecord(
            folder, RunFolder.ReadIdentity(folder), ClientManifest.Load(At("manifest.json")).Named(),
            new RunLog(At("metrics.jsonl")).Read<MetricsLine>(), new RunLog(At("trust.jsonl")).Read<TrustLine>(),
                new RunLog(At("ledger.jsonl")).Read<LedgerEntry>(),
            RunFolder.ReadSummary(folder), RunFolder.ReadComparators(folder),
                StoredResult.Holds(folder, AfterLocalFile) ? new RunLog(At(AfterLocalFile)).Read<TrustLine>() : []);
        RunConsistency.Require(record);
        StoredResult.Require(folder, [RunFiles.Config, RunFiles.Manifest, .. RunFolder.Logs.Select(log => log + ".jsonl")]);
        return record;
    }
}
