using System.Globalization;
using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

/// <summary>The controlled experiments: the default run over several seeds beside pooled training, and whether what the data plants is found.</summary>
[Verb("controls", HelpText = "Run collab over several seeds beside pooled training, and check what the data was made to show.")]
internal sealed class ControlsCommand : CollabArguments, ISeedsOption
{
    [Option("kind", MetaValue = "NAME",
        HelpText = "clustered (four topics, two clients each, 2048 train tokens), identical (all clients alike), "
            + "different (eight topics, one client each). Default: clustered.")]
    public string? Kind { get; set; }

    [Option("optimal", HelpText = "Also learned trust, which minimises trust-validation loss: each scheme's regret against it on report text, "
        + "and how well trust tells categories apart. Some 30 evaluations and gradients a client and round.")]
    public bool Optimal { get; set; }

    [Option("phase", HelpText = "Draw the phase diagram instead: which of Local, FedAvg and personalised is best, over train tokens and conflict. "
        + "Default schemes: local,fedavg,validation; default folder: runs/phase.")]
    public bool Phase { get; set; }

    [Option("phase-tokens", MetaValue = "LIST", HelpText = "Train tokens of the phase diagram's rows. Default: 512,1024,2048,4096,8192.")]
    public string? PhaseTokens { get; set; }

    [Option("phase-conflicts", MetaValue = "LIST", HelpText = "Conflicts of its columns. Default: 0,0.25,0.5,0.75,1.")]
    public string? PhaseConflicts { get; set; }

    public string? Seeds { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("The clustered control, four topics with two clients each", new ControlsCommand { Seeds = "1-5" }),
        new("All clients alike, with every scheme's regret", new ControlsCommand { Kind = "identical", Seeds = "1-5", Optimal = true }),
        new("The phase diagram", new ControlsCommand { Phase = true, Seeds = "1-3" }),
    ];

    public override int Run(CommandContext context)
    {
        var seeds = SeedList.Parse(Seeds ?? "1-3", Seed);
        var kind = ControlKind.Parse(Kind);
        if (!Phase && (PhaseTokens ?? PhaseConflicts) is not null)
            throw new UserException("--phase-tokens and --phase-conflicts belong to --phase; give --phase too");
        if (Phase && (Kind is not null || Optimal)) throw new UserException("--phase draws local, FedAvg and the schemes over scarcity and conflict; leave --kind and --optimal out");
        return Phase ? Draw(context, seeds) : Check(context, kind, seeds);
    }

    private int Check(CommandContext context, ControlKind kind, IReadOnlyList<ulong> seeds)
    {
        if (DryRun)
        {
            // Opened as it would be: only the data knows how many clients its categories can have.
            CollabSetup.Of(Of(kind, seeds[0])).Dispose();
            context.Out.WriteLine($"controls: {kind.Name}, {seeds.Count} runs, each with pooled training beside it; collab --dry-run shows the plan of one");
            return ExitCode.Success;
        }
        using var held = Out is null ? null : ExperimentRun.Hold(Out);
        var stop = context.StopGracefully(StopSignal.Resume);
        var result = ProgressView.Watch(context.Terminal, Quiet || Json, progress =>
        {
            CollabArguments[] texts = [.. seeds.Select(seed => Of(kind, seed))];
            SeedRun[] runs = [.. texts.Select((text, n) =>
                SeedRun.Of(text, (stage, done) => progress.Report($"seed {seeds[n]}: {stage}", (n + done) / seeds.Count), stop))];
            RunRecord[] records = [.. runs.Select(r => RunRecord.Read(r.Folder))];
            IReadOnlyList<TrustRegret> Learn(CollabArguments text, int n) =>
                Regrets(text, records[n], scheme => progress.Report($"seed {seeds[n]}: learned trust beside {scheme}", (double)n / seeds.Count), stop);
            var regrets = Optimal ? texts.Select(Learn).ToArray() : null;
            return new ControlResult(kind, seeds, runs, records, regrets);
        });
        if (Json) context.Out.WriteLine(JsonText.Line(ControlOutput.ToJson(result)));
        else ControlOutput.Write(context.Terminal, result);
        return ExitCode.Success;
    }

    private int Draw(CommandContext context, IReadOnlyList<ulong> seeds)
    {
        var diagram = new PhaseDiagram(this, PhaseDiagram.Tokens(PhaseTokens), PhaseDiagram.Conflicts(PhaseConflicts), seeds);
        diagram.RequireValues();
        if (DryRun)
        {
            context.Out.WriteLine($"controls: phase diagram, {diagram.Runs} runs; collab --dry-run shows the plan of one");
            return ExitCode.Success;
        }
        using var held = ExperimentRun.Hold(diagram.Folder);
        var stop = context.StopGracefully(StopSignal.Resume);
        var cells = ProgressView.Watch(context.Terminal, Quiet || Json, progress => diagram.Run(progress, stop));
        diagram.Save(cells);
        if (Json) context.Out.WriteLine(JsonText.Line(diagram.ToJson(cells)));
        else diagram.Write(context.Terminal, cells);
        return ExitCode.Success;
    }

    private CollabArguments Of(ControlKind kind, ulong seed)
    {
        var run = Copy();
        kind.Deal(run);
        run.Seed = seed.ToString(CultureInfo.InvariantCulture);
        run.Out = Out is null ? null : Path.Combine(Out, $"seed-{seed}");
        string all = ComparatorNames.PooledAll;
        run.Comparators = Comparators ?? (kind.Best is null ? $"{ComparatorNames.PooledCategory},{all}" : all);
        return run;
    }

    private static IReadOnlyList<TrustRegret> Regrets(CollabArguments text, RunRecord record, Action<string> report, CancellationToken stop)
    {
        using var setup = CollabSetup.Of(text);
        return new OptimalTrust(setup.Collaboration, record).LastOrRead(report, stop);
    }
}
