namespace LoraCollab.Cli.Collab;

/// <summary>Goes back to a finished run and recomputes its trust from the adapters stored at each round, without training.</summary>
[Verb("replay", "Recompute a finished run's trust from its stored adapters, without training.")]
[Example("The matrices that were used, once more", "--run runs/ID")]
[Example("How far each scheme's last matrix was from the best", "--run runs/ID --optimal --last")]
[Example("What scheme validation would have said of FedAvg's clients, more decisively", "--run runs/ID --schemes validation --on fedavg --temperature 0.02")]
internal sealed class ReplayCommand : Command
{
    [RunOption]
    public string? RunPath { get; init; }

    [Option("on", OptionGroup.Trust, "On the adapters of which scheme that ran.", Value = "NAME", Default = "each scheme's own", Common = true)]
    public string? On { get; init; }

    [Option("after-local", OptionGroup.Trust, "The trust of the learnt schemes after purely local training, from the last adapters of scheme local.",
        Common = true)]
    public bool AfterLocal { get; init; }

    [OptimalOption(Common = true)]
    public bool Optimal { get; init; }

    [Option("last", OptionGroup.Output, "With --optimal: the last aggregation alone.")]
    public bool Last { get; init; }

    /// <summary>What of trust is to differ.</summary>
    [Options(Only = [OptionGroup.Trust], Default = "the run's")]
    public CollaborationOptions Trust { get; init; } = new();

    [Options(Default = "the run's")]
    public SourceOptions Source { get; init; } = new();

    [Options]
    public BackendChoice Machine { get; init; } = new();

    public override int Run(CommandContext context)
    {
        string folder = Required("run", "the folder of a finished run, such as runs/ID");
        var schemes = SchemeNames.Of("schemes", Given["schemes"]);
        if (Last && !Optimal) throw new UserException("--last belongs to --optimal; give both");
        if (Optimal && (On is not null || AfterLocal))
            throw new UserException("--optimal looks at the rounds of the schemes that ran: leave --on and --after-local out");
        if (On is not null) SchemeNames.Of("on", On);
        var run = RunRecord.Read(folder);
        using var setup = CollabSetup.OfRun(run, Given, Machine, schemes);
        var stop = context.StopGracefully();
        if (Optimal) return Regrets(context, setup, run, schemes, stop);
        var replayed = AfterLocal ? [LastOfLocal(setup, run, stop)] : Rounds(setup, run, schemes, stop).ToArray();
        if (Json) context.Out.WriteLine(JsonText.Line(replayed.Select(r => r.ToJson())));
        else
            foreach (var r in replayed) r.Write(context.Terminal, run, Quiet);
        return ExitCode.Success;
    }

    private IEnumerable<ReplayedTrust> Rounds(CollabSetup setup, RunRecord run, string[]? schemes, CancellationToken stop)
    {
        var replay = new TrustReplay(setup.Collaboration, run);
        var other = OtherOptions.Of(setup.Collaboration.Options, run.Identity.Options);
        foreach (string scheme in schemes ?? replay.Recorded)
        {
            string on = On ?? scheme, name = on == scheme ? scheme : $"{scheme}-on-{on}";
            var lines = replay.Run(scheme, on, stop).Select(line => line with { ReplayedUnder = other.Recorded }).ToArray();
            string file = other.FileOf(run.Folder, name);
            TrustLine.Save(file, lines);
            yield return new ReplayedTrust(scheme, on, other, lines, file);
        }
    }

    private int Regrets(CommandContext context, CollabSetup setup, RunRecord run, string[]? schemes, CancellationToken stop)
    {
        var optimal = new OptimalTrust(setup.Collaboration, run);
        string[] names = [.. schemes ?? optimal.Schemes];
        var lines = ProgressView.Watch(context.Terminal, Quiet || Json, progress =>
        {
            var found = new List<TrustRegret>();
            double rounds = names.Sum(s => Last ? 1 : run.RoundsOf(s).Count);
            foreach (string scheme in names)
            {
                progress.Report($"learned trust beside {scheme}", found.Count / rounds);
                foreach (var line in optimal.Of(scheme, Last, stop))
                {
                    found.Add(line);
                    progress.Report($"learned trust beside {scheme}, iteration {line.Iteration}", found.Count / rounds);
                }
            }
            return found;
        });
        string file = optimal.Save(lines);
        if (Json) context.Out.WriteLine(JsonText.Line(lines.Select(l => new
        {
            scheme = l.Scheme,
            iteration = l.Iteration,
            loss = l.Means.Loss,
            learned_loss = l.Means.Learned,
            regret = l.Regret,
            auc = l.Auc,
            learned_auc = l.LearnedAuc,
            file,
        })));
        else RegretTable.Write(context.Terminal, lines, file);
        return ExitCode.Success;
    }

    private ReplayedTrust LastOfLocal(CollabSetup setup, RunRecord run, CancellationToken stop)
    {
        if (!run.Schemes.Contains(StrategyRegistry.Solo))
            throw new UserException($"{run.Folder}: the scheme {StrategyRegistry.Solo} did not run; --after-local needs its adapters");
        var other = OtherOptions.Of(setup.Collaboration.Options, run.Identity.Options);
        string file = other.Recorded is null ? Path.Combine(run.Folder, RunRecord.AfterLocalFile) : other.FileOf(run.Folder, "after-local");
        TrustLine[] lines = [.. TrustAfterLocal.Run(setup.Collaboration, stop).Select(line => line with { ReplayedUnder = other.Recorded })];
        if (other.Recorded is null) StoredResult.Add(run.Folder, RunRecord.AfterLocalFile, TrustLine.Text(lines));
        else TrustLine.Save(file, lines);
        return new ReplayedTrust("", StrategyRegistry.Solo, other, lines, file);
    }
}
