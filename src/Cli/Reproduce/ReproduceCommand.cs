
namespace LoraCollab.Cli.Reproduce;

/// <summary>The paper's table: data sets × {specific, mixed} × schemes × seeds from presets, and its figures, with paired statistics.</summary>
[Verb("reproduce", "The paper's table and figures from presets: all schemes on several sets and seeds.")]
[Example("Everything that ships with the program, in ten minutes")]
[Example("What the published code's traps did to its ranking", "--bridge --family code")]
[Example("AG News with your own GPT-2, five seeds", "--family agnews --data agnews/ --scale small --model gpt2/ --seeds 5")]
internal sealed class ReproduceCommand : CollabOptions
{
    private static readonly string[] s_embedded = ["news", "languages", "code"];

    [FamilyOption]
    public string? Family { get; init; }

    [ScaleOption]
    public string Scale { get; init; } = "tiny";

    [NoReportOption]
    public bool NoReport { get; init; }

    [SeedsOption(Default = "the preset's")]
    public string? Seeds { get; init; }

    [Option("bridge", OptionGroup.Trust, "From compat paper to corrected one trap at a time: what each does to every scheme, and whether the ranking "
        + "survives.")]
    public bool Bridge { get; init; }

    public override int Run(CommandContext context)
    {
        RequireNoSeed();
        string scale = Scale, family = Family ?? "all";
        if (family != "all" && !ReproducePlan.Families().Contains(family))
            throw OptionException.Unknown("family", family, ReproducePlan.Families().Append("all"));
        if (Bridge && Family is null) family = s_embedded[0];
        PlannedRun[] runs = Planned(OfCollab(), scale, family, Seeds);
        string name = Bridge ? "bridge" : "reproduce";
        string folder = Settings.Out ?? Path.Combine("runs", $"{name}-{family}-{scale}{(Given["compat"] is null or "corrected" ? "" : "-" + Given["compat"])}");
        foreach (var run in runs) run.RequireValues();
        if (DryRun)
        {
            ShowPlan(context, runs, folder);
            return ExitCode.Success;
        }
        using var held = ExperimentRun.Hold(folder);
        var empty = new Experiment { Name = name, Family = family, Scale = scale, Cells = [] };
        var experiment = new ExperimentRun(folder, runs, cell => InPlaceOf(cell, scale, family))
            .Execute(empty, context.Terminal, Quiet || Json, context.StopGracefully(ExperimentRun.AfterStop));
        Show(context, experiment, folder);
        if (!NoReport) ExperimentRun.Report(folder, context, Quiet || Json);
        return ExitCode.Success;
    }

    /// <summary>The bridges of the families; or their tables, and the figures that are drawn on one of them.</summary>
    private PlannedRun[] Planned(OptionValues given, string scale, string family, string? seeds)
    {
        string[] families = Families(family);
        if (Bridge) return [.. families.SelectMany(new BridgePlan(given, scale, seeds).Runs)];
        var plan = new ReproducePlan(given, scale, seeds);
        return [.. families.SelectMany(plan.Table), .. ReproducePlan.Figures().Where(f => families.Contains(Preset.Open(f).Base))
            .SelectMany(f => plan.Figure(f))];
    }

    private PlannedRun[] InPlaceOf(ExperimentCell cell, string scale, string family)
    {
        return Planned(OfCollab().Set("distribution", cell.Distribution), scale, family, $"{cell.Seed}-{cell.Seed}");
    }

    private static string[] Families(string family) => family == "all" ? s_embedded : [family];

    private static void ShowPlan(CommandContext context, PlannedRun[] runs, string folder)
    {
        context.Out.WriteLine($"reproduce: {runs.Length} runs in {folder}; those of equal commands are shared");
        foreach (var run in runs) context.Out.WriteLine($"  {run.Title}: {run.Cell.Command}");
    }

    private void Show(CommandContext context, Experiment experiment, string folder)
    {
        var sets = ExperimentSet.Of(experiment, folder);
        var tables = SetStatistics.Of([.. sets.Where(s => s.Over is null)]);
        var figures = SetStatistics.Of([.. sets.Where(s => s.Over is not (null or BridgeStatistics.Over))]);
        var bridges = BridgeStatistics.Of(sets);
        if (Json)
        {
            context.Out.WriteLine(JsonText.SnakeLine(new { tables = tables.Concat(figures).Select(Summary), bridges = bridges.Select(Summary) }));
            return;
        }
        if (tables.Count > 0) ExperimentTable.Write(context.Terminal, tables);
        SweepTable.Write(context.Terminal, figures);
        BridgeTable.Write(context.Terminal, bridges);
        context.Out.WriteLine($"Everything is in {folder}: {Experiment.FileName} lists the runs with their commands.");
    }

    private static object Summary(SetStatistics s) =>
        new { s.Set.Set, s.Set.Distribution, s.Set.Compat, s.Set.Over, s.Set.Value, s.Set.Seeds, s.Schemes, s.Comparators };

    private static object Summary(BridgeStatistics bridge) => new
    {
        bridge.Steps[0].Set.Set,
        bridge.Steps[0].Set.Distribution,
        bridge.Steps[0].Set.Seeds,
        Steps = bridge.Steps.Select(s => new { Step = s.Set.Value, s.Set.Compat, s.Schemes }),
        AgreementAfterTraps = bridge.Agreement(bridge.LastTrap),
        Agreement = bridge.Agreement(bridge.Steps.Count - 1),
        Answer = BridgeTable.Answer(bridge),
    };
}
