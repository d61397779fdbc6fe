namespace LoraCollab.Federation.Analysis;

/// <summary>
/// What the strategies that find out who is alike would say of clients that have only trained alone: the trust of Local's last adapters, one line each in
/// trust-after-local.jsonl. Nothing is mixed by it.
/// </summary>
public static class TrustAfterLocal
{
    /// <summary>
    /// The stored lines of a run folder, or computes and stores them: about one round of scheme 2. What needs public text is left out where there is too
    /// little; round is 0, since none took place.
    /// </summary>
    /// <param name="collaboration">A finished run in which the scheme local ran.</param>
    /// <exception cref="UserException">Local's adapters are missing or damaged.</exception>
    public static IReadOnlyList<TrustLine> RunOrRead(Collaboration collaboration, CancellationToken stop = default)
    {
        string folder = collaboration.Folder;
        if (StoredResult.Holds(folder, RunRecord.AfterLocalFile))
        {
            var log = new RunLog(Path.Combine(folder, RunRecord.AfterLocalFile));
            var stored = log.Read<TrustLine>();
            RunConsistency.Trust(log.Path, stored, StrategyRegistry.Names, collaboration.Inputs.Data.Clients.Count, collaboration.Options.Iterations);
            return stored;
        }
        var lines = Run(collaboration, stop);
        StoredResult.Add(folder, RunRecord.AfterLocalFile, TrustLine.Text(lines));
        return lines;
    }

    /// <summary>Computes them under the collaboration's options.</summary>
    /// <exception cref="UserException">Local's adapters are missing or damaged.</exception>
    public static IReadOnlyList<TrustLine> Run(Collaboration collaboration, CancellationToken stop = default)
    {
        var (workspace, data, options) = (collaboration.Workspace(), collaboration.Inputs.Data, collaboration.Options);
        float[][] initial = TrustReplay.Initial(workspace);
        float[][] now = [.. data.Clients.Select((_, i) =>
            RunFolder.ReadAdapter(collaboration.Folder, StrategyRegistry.Solo, i, workspace.Model.Config).Values)];
        var topology = Topology.Parse(options.Topology, data.Clients.Count);
        var adapters = new RoundAdapters(Participation.All(now.Length), now, initial, initial);
        var asked = new TrustRound(workspace, data, adapters, topology, options.Iterations, _ => { }, stop);
        var context = StrategyContext.Of(options, data);
        var judges = StrategyRegistry.All.Where(d => d.Role == StrategyRole.Similarity
            && (!d.Needs.HasFlag(StrategyNeeds.PublicText) || data.Reference.Length > options.SequenceLength));
        return [.. judges.Select(judge =>
        {
            var scores = judge.Create(context).Score(asked);
            var trust = TrustMatrix.From(scores, TrustRule.Of(options, judge.Name, topology));
            return TrustLine.Of(workspace.Shape, judge.Name, options.Iterations, 0, scores, trust, adapters);
        })];
    }
}
