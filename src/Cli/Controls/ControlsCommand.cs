using System.Globalization;

namespace LoraCollab.Cli.Controls;

/// <summary>The controlled experiments: the default run over several seeds beside pooled training, and whether what the data plants is found.</summary>
[Verb("controls", "Run collab over several seeds beside pooled training, and check what the data was made to show.")]
[Example("The clustered control, four topics with two clients each", "--seeds 1-5")]
[Example("All clients alike, with every scheme's regret", "--kind identical --seeds 1-5 --optimal")]
[Example("The phase diagram", "--phase --seeds 1-3")]
internal sealed class ControlsCommand : CollabOptions
{
    [Option("kind", OptionGroup.Data, "clustered (four topics, two clients each, 2048 train tokens), identical (all clients alike), "
        + "different (eight topics, one client each).", Value = "NAME", Common = true)]
    public ControlKind Kind { get; init; } = ControlKind.All[0];

    [OptimalOption]
    public bool Optimal { get; init; }

    [Option("phase", OptionGroup.Output, "Draw the phase diagram instead: which of Local, FedAvg and personalised is best, over train tokens and conflict. "
        + "Schemes are then by default local,fedavg,validation, and the folder runs/phase.")]
    public bool Phase { get; init; }

    [Option("phase-tokens", OptionGroup.Data, "Train tokens of the phase diagram's rows.", Value = "LIST", Least = 0)]
    public IReadOnlyList<int> PhaseTokens { get; init; } = [512, 1024, 2048, 4096, 8192];

    [Option("phase-conflicts", OptionGroup.Data, "Conflicts of its columns.", Value = "LIST", Least = 0, Most = 1)]
    public IReadOnlyList<double> PhaseConflicts { get; init; } = [0, 0.25, 0.5, 0.75, 1];

    [SeedsOption]
    public string Seeds { get; init; } = "1-3";

    public override int Run(CommandContext context)
    {
        RequireNoSeed();
        var seeds = SeedList.Parse(Seeds);
        if (!Phase && (Given.Has("phase-tokens") || Given.Has("phase-conflicts")))
            throw new UserException("--phase-tokens and --phase-conflicts belong to --phase; give --phase too");
        if (Phase && (Given.Has("kind") || Optimal))
            throw new UserException("--phase draws local, FedAvg and the schemes over scarcity and conflict; leave --kind and --optimal out");
        return Phase ? Draw(context, seeds) : Check(context, Kind, seeds);
    }

    private int Check(CommandContext context, ControlKind kind, IReadOnlyList<ulong> seeds)
    {
        if (DryRun)
        {
            // Opened as it would be: only the data knows how many clients its categories can have.
            CollabSetup.Of(Command.Of<CollabCommand>(Of(kind, seeds[0]))).Dispose();
            context.Out.WriteLine($"controls: {kind.Name}, {seeds.Count} runs, each with pooled training beside it; collab --dry-run shows the plan of one");
            return ExitCode.Success;
        }
        using var held = Settings.Out is null ? null : ExperimentRun.Hold(Settings.Out);
        var stop = context.StopGracefully(StopSignal.Resume);
        var result = ProgressView.Watch(context.Terminal, Quiet || Json, progress =>
        {
            OptionValues[] texts = [.. seeds.Select(seed => Of(kind, seed))];
            SeedRun[] runs = [.. texts.Select((text, n) =>
                SeedRun.Of(text, (stage, done) => progress.Report($"seed {seeds[n]}: {stage}", (n + done) / seeds.Count), stop))];
            RunRecord[] records = [.. runs.Select(r => RunRecord.Read(r.Folder))];
            IReadOnlyList<TrustRegret> Learn(OptionValues text, int n) =>
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
        var diagram = new PhaseDiagram(OfCollab(), [.. PhaseTokens.Order()], [.. PhaseConflicts.Order()], seeds);
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

    private OptionValues Of(ControlKind kind, ulong seed)
    {
        var run = OfCollab().Set("seed", seed.ToString(CultureInfo.InvariantCulture));
        kind.Deal(run);
        if (Settings.Out is { } folder) run.Set("out", Path.Combine(folder, $"seed-{seed}"));
        return run.SetDefault("comparators", kind.Best is null ? $"{ComparatorNames.PooledCategory},{ComparatorNames.PooledAll}" : ComparatorNames.PooledAll);
    }

    private static IReadOnlyList<TrustRegret> Regrets(OptionValues text, RunRecord record, Action<string> report, CancellationToken stop)
    {
        using var setup = CollabSetup.Of(Command.Of<CollabCommand>(text));
        return new OptimalTrust(setup.Collaboration, record).LastOrRead(report, stop);
    }
}
