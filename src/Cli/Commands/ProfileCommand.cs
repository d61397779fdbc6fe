using System.Reflection;
using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

/// <summary>Where the time of training steps goes, op by op; with --collab, that of a whole collaboration.</summary>
[Verb("profile", HelpText = "Where the time goes: every op of training, or of a collaboration, against what the machine can do.")]
internal sealed partial class ProfileCommand : CollabArguments
{
    private const int DefaultSteps = 20;

    [Option("steps", MetaValue = "N",
        HelpText = "Training steps: those before looking, for profile those that are timed, with --collab the iterations of the run. Default: 0; for profile 20.")]
    public string? Steps { get; set; }

    [Option("collab", HelpText = "Profile a whole collaboration, with collab's options, instead of train's steps.")]
    public bool Collaboration { get; set; }

    [Option("per-layer", HelpText = "A line for every place in the model, in its order, and a sum for every block.")]
    public bool PerLayer { get; set; }

    [Option("compare", Min = 2, Max = 2, MetaValue = "A B", HelpText = "Run nothing: set two profiles side by side, each a profile.json or the folder it is in.")]
    public IEnumerable<string> Compare { get; set; } = [];

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("Training the small model", new ProfileCommand()),
        new("GPT-2 124M with random weights, with pictures and a trace", new ProfileCommand { Model = "gpt2", Steps = "5", Out = "profile" }),
        new("Two profiles side by side", new ProfileCommand { Compare = ["before", "after"] }),
        new("A collaboration of four clients", new ProfileCommand { Collaboration = true, Clients = "4", Steps = "12" }),
    ];

    public override int Run(CommandContext context)
    {
        if (Compare.Any()) return Compared(context, [.. Compare]);
        if (ShowCode is not null) return PrintCode(context);
        int steps = Numbers.Whole("--steps", Steps, DefaultSteps);
        RefuseOthers();
        if (Out is not null) WritableFolder.Require(Out);
        var stop = Collaboration ? context.StopGracefully() : default;
        void Progress(string text)
        {
            if (!Quiet && !Json) context.Error.WriteLine(text);
        }

        var (result, ceilings, seconds) = Collaboration
            ? CollabProfile.Run(this, steps, trace: Out is not null, Memory, Progress, stop)
            : Train(steps, Progress);
        var profile = result.Record(ceilings, seconds, PerLayer);
        if (Json) context.Out.WriteLine(ProfileFile.Line(profile));
        else ProfileTable.Write(context.Out, profile);
        WriteDevice(context, profile);
        if (Out is not null)
        {
            var files = ProfileFolder.Write(Out, profile, [.. result.Traces.Select((trace, lane) => ($"lane {lane}", trace))]);
            if (!Quiet && !Json) context.Out.WriteLine($"{string.Join(", ", files.SkipLast(1))} and {files[^1]} (for ui.perfetto.dev) are in {Out}");
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
        using var backend = (BackendChoice.Of(this) with { Profiling = true }).Open();
        var result = TrainProfile.Run(this, steps, backend, trace: Out is not null, Memory, progress);
        var (ceilings, seconds) = ProfileResult.Measure(backend);
        return (result, ceilings, seconds);
    }

    /// <summary>Refuses what this command does not read: options of a run folder, and those of `collab` where steps of `train` are profiled.</summary>
    private void RefuseOthers()
    {
        string[] never = ["checkpoint-every", "resume", "fresh", "debug", "dry-run", "keep-rounds", Collaboration ? "iterations" : ""];
        var train = Names(typeof(TrainCommand)).Select(o => o.Name).ToHashSet();
        foreach (var (name, property) in Names(typeof(CollabArguments)))
        {
            if (!IsGiven(property.GetValue(this))) continue;
            if (never.Contains(name)) throw new UserException($"profile: --{name} has no meaning here; --steps says how long to train, and nothing is kept but --out's files");
            if (!Collaboration && !train.Contains(name)) throw new UserException($"profile: --{name} is an option of collab; give --collab to profile a collaboration");
        }
    }

    private static bool IsGiven(object? value) => value is true or string || (value is IEnumerable<string> words && words.Any());

    private static IEnumerable<(string Name, PropertyInfo Property)> Names(Type type) => type.GetInterfaces().Append(type).SelectMany(t => t.GetProperties())
        .Where(p => p.GetCustomAttribute<OptionAttribute>() is not null)
        .Select(p => (p.GetCustomAttribute<OptionAttribute>()!.LongName, p));
}
