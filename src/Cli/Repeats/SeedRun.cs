namespace LoraCollab.Cli.Repeats;

/// <summary>One run of a repeated experiment: what `collab` with the same options would do, silently, or the stored result of it.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Summary">Its result.</param>
/// <param name="Comparators">The pooled adapters, where they were asked for.</param>
/// <param name="Trust">Every aggregation's matrix with what it says about categories; without those of the baselines and the oracle, which learn
/// nothing.</param>
internal sealed record SeedRun(string Folder, RunSummary Summary, IReadOnlyDictionary<string, ComparatorSummary> Comparators,
    IReadOnlyList<(string Scheme, int Iteration, TrustStatistics Says)> Trust)
{
    private static readonly IReadOnlyList<string> s_unlearnt =
        StrategyRegistry.NamesOf(d => d.Role is StrategyRole.Solo or StrategyRole.Mean or StrategyRole.Oracle);

    /// <param name="run">The options of `collab`, seed and output included.</param>
    /// <param name="report">Told the stage and the share of this run that is done.</param>
    /// <param name="runs">Where runs without a folder of their own are kept.</param>
    public static SeedRun Of(OptionValues run, Action<string, double> report, CancellationToken stop, string? runs = null)
    {
        var command = Command.Of<CollabCommand>(run);
        using var setup = CollabSetup.Of(command, runs: runs);
        var collaboration = setup.Collaboration;
        var summary = collaboration.Run(new Observer(report, collaboration.Plan.Work), stop);
        if (summary.Schemes.ContainsKey(StrategyRegistry.Solo)) TrustAfterLocal.RunOrRead(collaboration, stop);
        var names = command.Comparators;
        var comparators = names.Count > 0 ? Federation.Analysis.Comparators.RunOrRead(collaboration, setup.Data, names, stop) : new Dictionary<string,
            ComparatorSummary>();
        var record = RunRecord.Read(collaboration.Folder);
        var trust = record.Trust.Where(line => !s_unlearnt.Contains(line.Scheme))
            .Select(line => (line.Scheme, line.Iteration, line.Statistics(record.Shares)))
            .ToArray();
        return new SeedRun(collaboration.Folder, summary, comparators, trust);
    }

    private sealed class Observer(Action<string, double> report, double work) : IRunObserver
    {
        public void Noted(string note) { }

        public void Advanced(string stage, int iteration, double done) => report(stage, Math.Min(1, done / work));

        public void Evaluated(MetricsLine line) { }

        public void Aggregated(TrustLine line) { }

        public void Finished(string scheme, SchemeSummary summary) { }
    }
}
