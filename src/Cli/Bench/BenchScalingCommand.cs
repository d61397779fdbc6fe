namespace LoraCollab.Cli.Bench;

/// <summary>
/// How cost grows. Four axes, each with all else held: clients (a round of the small model), sequence length (a step on one sequence), rank (a step of the
/// small model), and the model's parameters (a step on 64 tokens). Every point is `bench round` or `bench step` in a process of its own, since a process's peak
/// memory never falls; that peak includes the runtime's own 40 MB or so, which flattens its slope at small sizes. Beside each size stands the exponent p of
/// cost ∝ sizeᵖ from the size before, and below them that of the whole range.
/// </summary>
[Verb("bench scaling", "Time and memory against clients, sequence length, rank and model size: tables and plots.")]
[Example("Clients and sequence length, with pictures", "--axes clients,sequence --out scaling")]
internal sealed class BenchScalingCommand : Command
{
    [Option("axes", OptionGroup.Data, "What grows: clients, sequence, rank, model, separated by commas.", Value = "LIST", Default = "all four",
        Choices = ["clients", "sequence", "rank", "model"])]
    public IReadOnlyList<string>? Axes { get; init; }

    [Option("repeats", OptionGroup.Output, "Runs of every size, of which the median counts.", Least = 1, Most = 1000, Default = "3, with --quick 1")]
    public int? Repeats { get; init; }

    [Option("quick", OptionGroup.Data, "Two small sizes per axis: whether it works, not how it scales.")]
    public bool Quick { get; init; }

    /// <summary>scaling.json, scaling.csv, and scaling-AXIS.png and .svg go there; null: tables only.</summary>
    [OutOption(Default = "tables only")]
    public string? Out { get; init; }

    [Options]
    public BackendChoice Machine { get; init; } = new() { Standard = BackendKind.Host };

    public override int Run(CommandContext context)
    {
        var axes = Chosen(ScalingAxis.All(Quick));
        int repeats = Repeats ?? (Quick ? 1 : 3);
        if (Out is not null) WritableFolder.Require(Out);
        string backend;
        using (var opened = Machine.Open()) backend = opened.Description;
        string[] rest = ["--backend", Machine.Backend ?? "host", "--threads", $"{Machine.Threads}"];
        var all = new List<ScalingSeries>();
        foreach (var axis in axes)
        {
            all.Add(ScalingSeries.Measure(axis, repeats, rest, Json || Quiet ? _ => { } : context.Error.WriteLine));
            if (!Json) ScalingOutput.WriteTable(context.Out, all[^1]);
        }
        if (Json) context.Out.WriteLine(JsonText.Line(ScalingOutput.Json(all, backend)));
        if (Out is not null) ScalingOutput.WriteFiles(Out, all, backend);
        if (Out is not null && !Json && !Quiet) context.Out.WriteLine($"written to {Out}");
        return ExitCode.Success;
    }

    private List<ScalingAxis> Chosen(IReadOnlyList<ScalingAxis> all) =>
        Axes is null ? [.. all] : [.. Axes.Distinct().Select(name => all.First(a => a.Name == name))];
}
