using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

/// <summary>Goes back to a finished run and recomputes its trust from the adapters stored at each round, without training.</summary>
[Verb("replay", HelpText = "Recompute a finished run's trust from its stored adapters, without training.")]
internal sealed class ReplayCommand : Command, IRunOption, ISourceOptions, ITrustOptions, IBackendOptions
{
    public string? RunPath { get; set; }

    [Option("scheme", MetaValue = "A,B", HelpText = SchemeOption.Help)]
    public string? Scheme { get; set; }

    [Option("on", MetaValue = "NAME", HelpText = "On the adapters of which scheme that ran. Default: each scheme's own.")]
    public string? On { get; set; }

    [Option("after-local", HelpText = "The trust of weights, validation and prediction after purely local training, from the last adapters of scheme local.")]
    public bool AfterLocal { get; set; }

    [Option("optimal", HelpText = "Also learned trust, which minimises trust-validation loss: each scheme's regret against it on report text, "
        + "and how well trust tells categories apart. Some 30 evaluations and gradients a client and round.")]
    public bool Optimal { get; set; }

    [Option("last", HelpText = "With --optimal: the last aggregation alone.")]
    public bool Last { get; set; }

    public string? Temperature { get; set; }
    public string? Threshold { get; set; }
    public string? Neighbours { get; set; }
    public string? EffectiveNeighbours { get; set; }
    public string? Topology { get; set; }
    public string? Self { get; set; }
    public string? Method { get; set; }
    public string? WeightsForm { get; set; }
    public string? ScoreOn { get; set; }
    public string? ValidationForm { get; set; }
    public string? PredictionForm { get; set; }
    public string? PredictionK { get; set; }
    public string? PredictionPositions { get; set; }
    public string? PublicBatches { get; set; }
    public string? TrustBatches { get; set; }
    public string? Model { get; set; }
    public string? Tokenizer { get; set; }
    public string? Data { get; set; }
    public string? TextField { get; set; }
    public string? CategoryField { get; set; }
    public string? Distribution { get; set; }
    public string? Clients { get; set; }
    public string? TrainTokens { get; set; }
    public string? TrustTokens { get; set; }
    public string? ReportTokens { get; set; }
    public string? PublicTokens { get; set; }
    public string? Conflict { get; set; }
    public string? Categories { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("The matrices that were used, once more", new ReplayCommand { RunPath = "runs/ID" }),
        new("How far each scheme's last matrix was from the best", new ReplayCommand { RunPath = "runs/ID", Optimal = true, Last = true }),
        new("What scheme validation would have said of FedAvg's clients, more decisively",
            new ReplayCommand { RunPath = "runs/ID", Scheme = "validation", On = "fedavg", Temperature = "0.02" }),
    ];

    public override int Run(CommandContext context)
    {
        string folder = Required.Option("replay", "--run", RunPath, "the folder of a finished run, such as runs/ID");
        var schemes = CollabOptionText.Schemes("--scheme", Scheme);
        if (Last && !Optimal) throw new UserException("--last belongs to --optimal; give both");
        if (Optimal && (On is not null || AfterLocal))
            throw new UserException("--optimal looks at the rounds of the schemes that ran: leave --on and --after-local out");
        if (On is not null) CollabOptionText.Schemes("--on", On);
        var run = RunRecord.Read(folder);
        using var setup = CollabSetup.OfRun(run, this, this, this, schemes);
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
        if (!run.Schemes.Contains("local")) throw new UserException($"{run.Folder}: the scheme local did not run; --after-local needs its adapters");
        var other = OtherOptions.Of(setup.Collaboration.Options, run.Identity.Options);
        string file = other.Recorded is null ? Path.Combine(run.Folder, RunRecord.AfterLocalFile) : other.FileOf(run.Folder, "after-local");
        TrustLine[] lines = [.. TrustAfterLocal.Run(setup.Collaboration, stop).Select(line => line with { ReplayedUnder = other.Recorded })];
        if (other.Recorded is null) StoredResult.Add(run.Folder, RunRecord.AfterLocalFile, TrustLine.Text(lines));
        else TrustLine.Save(file, lines);
        return new ReplayedTrust("", "local", other, lines, file);
    }
}
