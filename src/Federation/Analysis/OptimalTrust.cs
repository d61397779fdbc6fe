namespace LoraCollab.Federation.Analysis;

/// <summary>Learned trust at the rounds of a finished run beside the matrices that were used, and each scheme's regret.</summary>
/// <param name="collaboration">The run's data, model and options.</param>
/// <param name="run">What it has written down.</param>
public sealed class OptimalTrust(Collaboration collaboration, RunRecord run)
{
    private readonly TrustReplay _replay = new(collaboration, run);

    /// <summary>Schemes of the run that mixed by a matrix and nothing else: of the others no matrix says what their clients became.</summary>
    public IReadOnlyList<string> Schemes => [.. _replay.Recorded.Where(Comparable)];

    /// <summary>Every aggregation of a scheme, or the last alone. Learning the weights costs some 30 evaluations and gradients a client.</summary>
    /// <exception cref="UserException">The scheme did not run, does more than mix by a matrix, or its adapters were not kept.</exception>
    public IEnumerable<TrustRegret> Of(string scheme, bool lastOnly = false, CancellationToken stop = default)
    {
        if (!Comparable(scheme))
            throw new UserException($"{scheme}: its clients are not the mix that its matrix says, so it has no regret; "
                + $"choose one of {string.Join(", ", Schemes)}");
        var rounds = _replay.Rounds(scheme);
        foreach (var round in lastOnly ? rounds.TakeLast(1) : rounds)
        {
            var (who, learned) = (round.Adapters.Who, _replay.Score(_replay.Create(collaboration.Options, StrategyRegistry.Optimum), round, stop).Weights);
            double[] loss = Losses(round, round.Line.Trust(), stop), best = Losses(round, TrustMatrix.FromWeights(who.Square(learned)), stop);
            yield return new TrustRegret
            {
                Scheme = scheme,
                Iteration = round.Line.Iteration,
                Round = round.Line.Round,
                Weights = round.Line.Weights,
                Learned = learned,
                Loss = who.Spread(loss, double.NaN),
                LearnedLoss = who.Spread(best, double.NaN),
                Regret = loss.Average() - best.Average(),
                Auc = round.Line.Auc(run.Shares),
                LearnedAuc = PlantedStructure.Auc(who.Square(learned), who.Of(run.Shares)),
            };
        }
    }

    /// <summary>
    /// The last aggregation of every scheme that mixed, from replay/optimal-last.jsonl where it holds them; otherwise computed and stored there. Of the run's
    /// own options alone.
    /// </summary>
    /// <param name="report">Told each scheme before it is computed.</param>
    /// <exception cref="UserException">As <see cref="Of"/>; or the stored file is damaged.</exception>
    public IReadOnlyList<TrustRegret> LastOrRead(Action<string> report, CancellationToken stop = default)
    {
        var log = new RunLog(Path.Combine(run.Folder, "replay", "optimal-last.jsonl"));
        var stored = log.Read<TrustRegret>();
        RunConsistency.Require(log.Path, stored, run.Manifest.Clients.Count);
        if (Schemes.All(scheme => stored.Any(l => l.Scheme == scheme))) return stored;
        var found = Schemes.Select(scheme =>
        {
            report(scheme);
            return Of(scheme, lastOnly: true, stop).Single();
        }).ToArray();
        OwnFolder.RequireInside(run.Folder, "replay");
        AtomicFile.WriteText(log.Path, Text(found));
        return found;
    }

    /// <summary>Writes lines to replay/optimal.jsonl of the run folder, or of other options to a file of their own, and returns its path.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public string Save(IEnumerable<TrustRegret> lines)
    {
        var other = OtherOptions.Of(collaboration.Options, run.Identity.Options);
        string file = other.FileOf(run.Folder, "optimal");
        AtomicFile.WriteText(file, Text(lines.Select(line => line with { ReplayedUnder = other.Recorded })));
        return file;
    }

    private bool Comparable(string scheme) => _replay.Create(collaboration.Options, scheme).MixesByWeights;

    private static string Text(IEnumerable<TrustRegret> lines) => string.Concat(lines.Select(line => RunJson.Line(line) + "\n"));

    /// <summary>[M]: of the mixed adapters of those who took part, each on its client's report text.</summary>
    private double[] Losses(RecordedRound round, TrustMatrix trust, CancellationToken stop)
    {
        var (workspace, data) = (collaboration.Workspace(), collaboration.Inputs.Data);
        float[][] mixed = AdapterMixer.Mix(round.Adapters.Now, trust);
        var losses = new double[mixed.Length];
        workspace.Lanes.ForEach(mixed.Length, (lane, i) =>
        {
            stop.ThrowIfCancellationRequested();
            var windows = new EvaluationWindows(data.Clients[round.Adapters.Who.Present[i]].ReportValidation, workspace.Options.SequenceLength);
            losses[i] = lane.Evaluator.Evaluate(windows, lane.Peer(mixed[i])).Loss;
        });
        return losses;
    }
}
