namespace LoraCollab.Cli.Profiling;

/// <summary>Where the time of training steps goes, op by op; with --collab, that of a whole collaboration.</summary>
[Verb("profile", "Where the time goes: every op of training, or of a collaboration, against what the machine can do.")]
[Example("Training the small model")]
[Example("GPT-2 124M with random weights, with pictures and a trace", "--model gpt2 --iterations 5 --out profile")]
[Example("Two profiles side by side", "--compare before after")]
[Example("A collaboration of four clients", "--collab --clients 4 --iterations 12")]
internal sealed partial class ProfileCommand : CollabOptions
{
    private const int DefaultSteps = 20;

    [Option("collab", OptionGroup.Training, "Profile a whole collaboration, with collab's options, instead of train's steps.", Common = true)]
    public bool Collaboration { get; init; }

    [Option("per-layer", OptionGroup.Output, "A line for every place in the model, in its order, and a sum for every block.", Common = true)]
    public bool PerLayer { get; init; }

    [Option("compare", OptionGroup.Output, "Run nothing: set two profiles side by side, each a profile.json or the folder it is in.", Value = "PATH",
        Common = true)]
    public string[] Compare { get; init; } = [];

    public override int Run(CommandContext context)
    {
        if (Compare.Length > 0) return Compared(context, Compare);
        if (ShowCode is not null) return PrintCode(context);
        int steps = Given.Has("iterations") ? Options.Iterations : DefaultSteps;
        RefuseOthers();
        if (Settings.Out is not null) WritableFolder.Require(Settings.Out);
        var stop = Collaboration ? context.StopGracefully() : default;
        void Progress(string text)
        {
            if (!Quiet && !Json) context.Error.WriteLine(text);
        }

        var (result, ceilings, seconds) = Collaboration
            ? CollabProfile.Run(OfCollab(), steps, trace: Settings.Out is not null, Memory, Progress, stop)
            : Train(steps, Progress);
        var profile = result.Record(ceilings, seconds, PerLayer);
        if (Json) context.Out.WriteLine(ProfileFile.Line(profile));
        else ProfileTable.Write(context.Out, profile);
        WriteDevice(context, profile);
        if (Settings.Out is not null)
        {
            var files = ProfileFolder.Write(Settings.Out, profile, [.. result.Traces.Select((trace, lane) => ($"lane {lane}", trace))]);
            if (!Quiet && !Json) context.Out.WriteLine($"{string.Join(", ", files.SkipLast(1))} and {files[^1]} (for ui.perfetto.dev) are in {Settings.Out}");
            // Where the table is JSON, a warning does not belong into it.
            if (!Quiet && ProfileFolder.CutTrace(result.Traces) is { } cut) (Json ? context.Error : context.Out).WriteLine(cut);
        }
        return ExitCode.Success;
    }

    private int Compared(CommandContext context, string[] files)
    {
        if (files.Length != 2) throw new UserException($"--compare: expected two profiles, found {files.Length}");
        ProfileRecord a = ProfileFile.Read(files[0]), b = ProfileFile.Read(files[1]);
        bool same = ProfileComparison.IsSameWork(a, b);
        if (Json) context.Out.WriteLine(JsonText.SnakeLine(new { a = a.What, b = b.What, same_work = same, rows = ProfileComparison.Rows(a, b) }));
        else ProfileComparison.Write(context.Out, a, b);
        return ExitCode.Success;
    }

    private (ProfileResult, Ceilings, double) Train(int steps, Action<string> progress)
    {
        using var backend = (Machine with { Profiling = true }).Open();
        var result = TrainProfile.Run(OfTrain(), steps, backend, trace: Settings.Out is not null, Memory, progress);
        var (ceilings, seconds) = ProfileResult.Measure(backend);
        return (result, ceilings, seconds);
    }

    /// <summary>Refuses what this command does not read: options of a run folder, and those of `collab` where steps of `train` are profiled.</summary>
    private void RefuseOthers()
    {
        string[] never = ["checkpoint-every", "resume", "fresh", "debug", "dry-run", "keep-rounds"];
        foreach (string name in Given.Names.Where(name => OptionTable.Find(typeof(CollabCommand), name) is not null))
        {
            if (never.Contains(name))
                throw new UserException($"profile: --{name} has no meaning here; --iterations says how long to train, and nothing is kept but --out's files");
            if (!Collaboration && OptionTable.Find(typeof(TrainCommand), name) is null)
                throw new UserException($"profile: --{name} is an option of collab; give --collab to profile a collaboration");
        }
    }

    /// <summary>The same training as a command of its own, which its steps are taken from.</summary>
    private TrainCommand OfTrain()
    {
        var train = new OptionValues(Given).Remove("iterations");
        return Of<TrainCommand>(train.Remove([.. train.Names.Where(name => OptionTable.Find(typeof(TrainCommand), name) is null)]));
    }
}
