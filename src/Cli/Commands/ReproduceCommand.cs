using CommandLine;
using CommandLine.Text;
using LoraCollab.Cli.Collab;
using LoraCollab.Cli.Parsing;
using LoraCollab.Cli.Reproduce;
using LoraCollab.Data;
using LoraCollab.Report;
using LoraCollab.Report.Experiments;
using LoraCollab.Report.Statistics;

namespace LoraCollab.Cli.Commands;

/// <summary>The paper's table: data sets × {specific, mixed} × schemes × seeds from presets, and its figures, with paired statistics.</summary>
[Verb("reproduce", HelpText = "The paper's table and figures, from presets: all schemes on several data sets and seeds, compared in pairs.")]
internal sealed class ReproduceCommand : CollabArguments
{
    private static readonly string[] s_embedded = ["news", "languages", "code"];

    [Option("family", MetaValue = "NAME", HelpText = "news, languages, code (built in); agnews, multiwiki, codewiki (text of --data); all: the three built in. Default: all.")]
    public string? Family { get; set; }

    [Option("scale", MetaValue = "NAME", HelpText = "tiny (minutes), small (some hours on a laptop), paper (the published protocol). Default: tiny.")]
    public string? Scale { get; set; }

    [Option("seeds", MetaValue = "N", HelpText = "Seeds 1 to N, or a list such as 4-6. Default: the preset's.")]
    public string? Seeds { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("Everything that ships with the program, in ten minutes", new ReproduceCommand()),
        new("AG News with your own GPT-2, five seeds", new ReproduceCommand { Family = "agnews", Data = "agnews/", Scale = "small", Model = "gpt2/", Seeds = "5" }),
    ];

    public override int Run(CommandContext context)
    {
        if (Seed is not null) throw new UserException($"--seed {Seed}: this command runs several seeds; give --seeds");
        string scale = Scale ?? "tiny", family = Choice.Of("--family", Family, "all", [.. ReproducePlan.Families().Append("all").Select(f => (f, f))]);
        var runs = Planned(new ReproducePlan(this, scale, Seeds), family);
        string folder = Out ?? Path.Combine("runs", $"reproduce-{family}-{scale}{(Compat is null or "corrected" ? "" : "-" + Compat)}");
        if (DryRun)
        {
            ShowPlan(context, runs, folder);
            return ExitCode.Success;
        }
        var empty = new Experiment { Name = "reproduce", Family = family, Scale = scale, Cells = [] };
        var experiment = new ExperimentRun(folder, runs).Execute(empty, context.Terminal, Quiet || Json, context.StopGracefully());
        Show(context, experiment, folder);
        return ExitCode.Success;
    }

    /// <summary>The tables of the families, and the figures that are drawn on one of them.</summary>
    private static PlannedRun[] Planned(ReproducePlan plan, string family)
    {
        string[] families = family == "all" ? s_embedded : [family];
        return [.. families.SelectMany(plan.Table), .. ReproducePlan.Figures().Where(f => families.Contains(Preset.Open(f).Base)).SelectMany(f => plan.Figure(f))];
    }

    private static void ShowPlan(CommandContext context, PlannedRun[] runs, string folder)
    {
        context.Out.WriteLine($"reproduce: {runs.Length} runs in {folder}; those of equal commands are shared");
        foreach (var run in runs) context.Out.WriteLine($"  {run.Title}: {run.Cell.Command}");
    }

    private void Show(CommandContext context, Experiment experiment, string folder)
    {
        var sets = SetStatistics.Of([.. ExperimentSet.Of(experiment, folder).Where(s => s.Over is null)]);
        if (Json)
        {
            context.Out.WriteLine(JsonText.Line(sets.Select(s => new { s.Set.Set, s.Set.Distribution, s.Set.Compat, s.Set.Seeds, s.Schemes })));
            return;
        }
        ExperimentTable.Write(context.Terminal, sets);
        context.Out.WriteLine($"Everything is in {folder}: {Experiment.FileName} lists the runs with their commands.");
    }
}
