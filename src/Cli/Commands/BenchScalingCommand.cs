using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

/// <summary>
/// How cost grows. Four axes, each with all else held: clients (a round of the small model), sequence length (a step on one sequence), rank (a step of the
/// small model), and the model's parameters (a step on 64 tokens). Every point is `bench round` or `bench step` in a process of its own, since a process's peak
/// memory never falls; that peak includes the runtime's own 40 MB or so, which flattens its slope at small sizes. Beside each size stands the exponent p of
/// cost ∝ sizeᵖ from the size before, and below them that of the whole range.
/// </summary>
[Verb("bench scaling", HelpText = "Time and memory against clients, sequence length, rank and model size: tables and plots.")]
internal sealed class BenchScalingCommand : Command, IBackendOptions
{
    [Option("axes", MetaValue = "LIST", HelpText = "What grows: clients, sequence, rank, model, separated by commas. Default: all four.")]
    public string? Axes { get; set; }

    [Option("repeats", MetaValue = "N", HelpText = "Runs of every size, of which the median counts. Default: 3, with --quick 1.")]
    public string? Repeats { get; set; }

    [Option("quick", HelpText = "Two small sizes an axis: whether it works, not how it scales.")]
    public bool Quick { get; set; }

    [Option("out", MetaValue = "DIR", HelpText = "Write scaling.json, scaling.csv, and scaling-AXIS.png and .svg there. Default: tables only.")]
    public string? Out { get; set; }

    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
        [new("Clients and sequence length, with pictures", new BenchScalingCommand { Axes = "clients,sequence", Out = "scaling" })];

    public override int Run(CommandContext context)
    {
        var axes = Chosen(ScalingAxis.All(Quick));
        int repeats = Numbers.Whole("--repeats", Repeats, Quick ? 1 : 3, 1, 1000);
        var choice = BackendChoice.Of(this, BackendKind.Host);
        if (Out is not null) WritableFolder.Require(Out);
        string backend;
        using (var opened = choice.Open()) backend = opened.Description;
        string[] rest = ["--backend", Backend ?? "host", "--threads", $"{choice.Threads}"];
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

    private List<ScalingAxis> Chosen(IReadOnlyList<ScalingAxis> all)
    {
        if (Axes is null) return [.. all];
        string[] names = [.. all.Select(a => a.Name)];
        return [.. Axes.Split(',').Distinct().Select(name => all.FirstOrDefault(a => a.Name == name) ?? throw Choice.Unknown("--axes", name, names))];
    }
}
