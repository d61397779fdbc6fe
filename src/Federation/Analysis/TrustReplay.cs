namespace LoraCollab.Federation.Analysis;

/// <summary>
/// Goes back to a finished run: recomputes scores, trust and aggregation of any scheme from the adapters that were stored at each round, without training.
/// Under the run's own options the matrices of the
/// scheme that ran are those of trust.jsonl bit for bit; under others they are what they would have been.
/// </summary>
public sealed class TrustReplay
{
    private readonly Collaboration _collaboration;
    private readonly RunRecord _run;
    private readonly Topology _topology;

    /// <param name="collaboration">The run's data, model and options, of which those about trust may be others.</param>
    /// <param name="run">What the run has written down.</param>
    /// <exception cref="UserException">Data, tokenizer or model are not those of the run.</exception>
    public TrustReplay(Collaboration collaboration, RunRecord run)
    {
        (_collaboration, _run) = (collaboration, run);
        var (now, then) = (collaboration.Identity, run.Identity);
        RequireSame("data", now.DataHash, then.DataHash, "the data, and what deals it (clients, train tokens and so on)");
        RequireSame("tokenizer", now.TokenizerHash, then.TokenizerHash, "the tokenizer");
        RequireSame("model", now.ModelHash, then.ModelHash, "the model");
        _topology = Topology.Parse(collaboration.Options.Topology, run.Manifest.Clients.Count);
    }

    private FederatedData Data => _collaboration.Inputs.Data;

    /// <summary>Schemes of the run that mixed.</summary>
    public IReadOnlyList<string> Recorded => [.. _run.Schemes.Where(scheme => _run.RoundsOf(scheme).Count > 0)];

    /// <summary>
    /// The aggregations of a scheme that ran, from first to last. The clients' adapters after each mix are recomputed from the recorded weights.
    /// </summary>
    /// <exception cref="UserException">The scheme did not run or never mixes, or its adapters were not kept.</exception>
    public IEnumerable<RecordedRound> Rounds(string scheme)
    {
        var lines = _run.RoundsOf(scheme);
        if (lines.Count == 0)
            throw new UserException($"{_run.Folder}: the scheme {scheme} has no aggregations in this run; choose one of {string.Join(", ", Recorded)}");
        var workspace = _collaboration.Workspace();
        var layout = LoraLayout.Of(workspace.Model.Config, workspace.Lora);
        var ran = Create(_run.Identity.Options, scheme);
        float[][] initial = Initial(workspace), anchors = initial;
        foreach (var line in lines)
        {
            string file = RunFolder.RoundFile(_run.Folder, scheme, line.Iteration);
            if (!File.Exists(file)) throw new OptionException("keep-rounds", null, $"{file} was not kept; run the command anew and keep all");
            StoredResult.Require(_run.Folder, FileHashes.NameOf(_run.Folder, file));
            var who = line.TookPart();
            var adapters = new RoundAdapters(who, RoundFile.Read(file, layout, who.Present), who.Of(anchors), who.Of(initial));
            yield return new RecordedRound(line, adapters);
            float[][] received = ran.Mix(Ask(adapters, line.Iteration, CancellationToken.None), line.Trust()).Received;
            anchors = [.. anchors];
            for (int i = 0; i < received.Length; i++) anchors[who.Present[i]] = received[i];
        }
    }

    /// <summary>A scheme's scores and trust at every round of a scheme that ran.</summary>
    /// <param name="scheme">Whose view.</param>
    /// <param name="on">On whose adapters.</param>
    /// <exception cref="UserException">As <see cref="Rounds"/>; or the data cannot serve the scheme.</exception>
    public IEnumerable<TrustLine> Run(string scheme, string on, CancellationToken stop = default)
    {
        var judge = Create(_collaboration.Options, scheme);
        if (!judge.Declared.Mixes) throw new UserException($"the scheme {scheme} never mixes: there is no trust to recompute");
        foreach (var round in Rounds(on)) yield return Score(judge, round, stop);
    }

    /// <summary>Scores one round, and lets the scheme go on from there.</summary>
    internal TrustLine Score(IStrategy judge, RecordedRound round, CancellationToken stop)
    {
        var options = _collaboration.Options;
        var asked = Ask(round.Adapters, round.Line.Iteration, stop);
        var scores = judge.Score(asked);
        var trust = TrustMatrix.From(scores, TrustRule.Of(options, judge.Name, _topology.Among(round.Adapters.Who)));
        var line = TrustLine.Of(_collaboration.Workspace().Shape, judge.Name, round.Line.Iteration, round.Line.Round, scores, trust, round.Adapters);
        judge.Mix(asked, trust);
        return line;
    }

    internal IStrategy Create(CollaborationOptions options, string scheme) => StrategyRegistry.Create(scheme, StrategyContext.Of(options, Data));

    internal TrustRound Ask(RoundAdapters adapters, int iteration, CancellationToken stop) =>
        new(_collaboration.Workspace(), Data, adapters, _topology, iteration, _ => { }, stop);

    /// <summary>[N][parameters]: the adapters before training.</summary>
    internal static float[][] Initial(Workspace workspace) => [.. Enumerable.Range(0, workspace.Clients).Select(workspace.Initial)];

    private void RequireSame(string option, string now, string then, string given)
    {
        if (now == then) return;
        throw new OptionException(option, null, $"{_run.Folder}: the run had {option} of hash {Short(then)}, what was opened has {Short(now)}; "
            + $"give {given} as the run had it");
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}

/// <summary>One aggregation of a finished run: what the clients sent, and what they held since the aggregation before.</summary>
public sealed class RecordedRound
{
    internal RecordedRound(TrustLine line, RoundAdapters adapters) => (Line, Adapters) = (line, adapters);

    /// <summary>The line of trust.jsonl.</summary>
    public TrustLine Line { get; }

    internal RoundAdapters Adapters { get; }
}
