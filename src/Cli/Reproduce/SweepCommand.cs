using System.Globalization;

namespace LoraCollab.Cli.Reproduce;

/// <summary>`collab` once for every value and seed. The value is chosen by trust-validation; the reported loss stands beside it and chooses nothing.</summary>
[Verb("sweep", "Run collab for several values of one option and choose by trust-validation.")]
[Example("Which learning rate?", "--over lr --values 5e-3,1e-2,2e-2 --seeds 100-104 --schemes local,fedavg")]
[Example("One of the paper's figures on another family", "--preset figure-alpha --family code")]
internal sealed class SweepCommand : CollabOptions
{
    /// <summary>What a sweep holds fixed, so that its columns can be compared.</summary>
    private static readonly string[] s_fixed = ["seed", "schemes", "data", "distribution", "compat", "out", "threads", "checkpoint-every", "keep-rounds"];

    [Option("over", OptionGroup.Training, "The option of collab to vary, such as lr, temperature, dropout, rank.", Value = "OPTION", Common = true)]
    public string? Over { get; init; }

    [Option("values", OptionGroup.Training, "Its values, with commas between them (a value with a comma inside: separate all by semicolons).", Value = "A,B,C",
        Common = true)]
    public string? Values { get; init; }

    [Option("preset", OptionGroup.Training, "Option, values and sizes of one of the paper's figures: figure-lr, figure-lora-dropout, figure-alpha.",
        Value = "NAME",
        Common = true)]
    public string? Preset { get; init; }

    [SeedsOption(Default = "100-104, with a preset its own")]
    public string? Seeds { get; init; }

    [FamilyOption]
    public string? Family { get; init; }

    [ScaleOption]
    public string? Scale { get; init; }

    [NoReportOption]
    public bool NoReport { get; init; }

    public override int Run(CommandContext context)
    {
        RequireNoSeed();
        PlannedRun[] runs = [.. Preset is null ? OfValues() : Drawn(Preset)];
        string over = runs[0].Cell.Over!, folder = Settings.Out ?? Path.Combine("runs", "sweep-" + over);
        foreach (var run in runs) run.RequireValues();
        if (DryRun)
        {
            context.Out.WriteLine($"sweep: {runs.Length} runs in {folder}; collab --dry-run shows the plan of one");
            foreach (var run in runs) context.Out.WriteLine($"  {run.Title}: {run.Cell.Command}");
            return ExitCode.Success;
        }
        using var held = ExperimentRun.Hold(folder);
        string size = (Preset ?? Family ?? Scale) is null ? "own" : Scale ?? "tiny";
        var empty = new Experiment { Name = EarlierCells.Sweep, Family = runs[0].Cell.Set, Scale = size, Cells = [] };
        var experiment = new ExperimentRun(folder, runs, InPlaceOf)
            .Execute(empty, context.Terminal, Quiet || Json, context.StopGracefully(ExperimentRun.AfterStop));
        var sets = SetStatistics.Of(ExperimentSet.Of(experiment, folder));
        if (Json) context.Out.WriteLine(JsonText.Line(new { over, sets = sets.Select(Summary) }));
        else SweepTable.Write(context.Terminal, sets);
        if (!NoReport) ExperimentRun.Report(folder, context, Quiet || Json);
        return ExitCode.Success;
    }

    private IEnumerable<PlannedRun> Drawn(string preset) => Over is null && Values is null
        ? new ReproducePlan(OfCollab(), Scale ?? "tiny", Seeds).Figure(preset, Family)
        : throw new UserException($"--preset {preset} says what is varied; leave --over and --values out");

    private IEnumerable<PlannedRun> OfValues()
    {
        string over = Required("over", "the option to vary, such as lr");
        string values = Required("values", "its values, such as 5e-3,1e-2");
        if (OptionTable.Find(typeof(CollabCommand), over) is not { IsFlag: false, IsList: false } option)
            throw new UserException($"--over {over}: collab has no such option with one value"
                + $"{(Meant(over) is { } guess ? $"; did you mean {guess}?" : "; see collab --help")}");
        over = option.Name;
        if (s_fixed.Contains(over))
            throw new UserException($"--over {over}: a sweep compares equal schemes, seeds and data; give --{(over == "seed" ? "seeds" : over)} instead");
        return Planned(OfCollab(), over, Chosen(values), Seeds);
    }

    private static string[] Chosen(string values)
    {
        string[] chosen = values.Split(values.Contains(';') ? ';' : ',');
        if (chosen.Any(string.IsNullOrWhiteSpace))
            throw new UserException($"--values '{values}': a value is empty; give values with commas between them, such as 5e-3,1e-2");
        // 1e-2 and 0.01 are one number.
        string Number(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? $"{number:R}" : value;
        if (chosen.DistinctBy(Number).Count() != chosen.Length) throw new UserException($"--values '{values}': a value is there twice");
        return chosen;
    }

    private IEnumerable<PlannedRun> Planned(OptionValues given, string over, string[] values, string? seeds)
    {
        if (Family is null && Scale is null) return Own(given, over, values, SeedList.Parse(seeds ?? "100-104"));
        string family = Family ?? "news", scale = Scale ?? "tiny";
        return new ReproducePlan(given, scale, seeds).Values(over, values, family, Reproduce.Preset.Open(family).Scale(scale));
    }

    /// <summary>What this command plans with the distribution, the value and the seed of an earlier run.</summary>
    private IEnumerable<PlannedRun> InPlaceOf(ExperimentCell cell)
    {
        var one = OfCollab();
        // Without a preset no distribution is written into the command, so another one is another command.
        if ((Family ?? Scale ?? Preset) is not null) one.Set("distribution", cell.Distribution);
        string seed = $"{cell.Seed}-{cell.Seed}";
        if (Preset is not null) return new ReproducePlan(one, Scale ?? "tiny", seed).Figure(Preset, Family);
        return cell.Over == Over && cell.Value is { } value ? Planned(one, Over!, [value], seed) : [];
    }

    private static string? Meant(string over) =>
        Synonyms.Guess("--" + over, [.. OptionTable.Of(typeof(CollabCommand)).Where(o => !o.IsFlag && !o.IsList)])?[2..];

    /// <summary>Without a preset: what the command line says, and collab's defaults.</summary>
    private static IEnumerable<PlannedRun> Own(OptionValues given, string over, string[] values, IReadOnlyList<ulong> seeds) =>
        values.SelectMany(value => seeds.Select(seed =>
        {
            var run = new OptionValues(given).Set(over, value).Set("seed", seed.ToString(CultureInfo.InvariantCulture)).Remove("out", "json", "quiet");
            var command = Command.Of<CollabCommand>(run);
            return PlannedRun.Of(run, command.Source.Text.Data, command.Source.Deal.Distribution.Name, run["compat"] ?? "corrected", seed, over, value);
        }));

    private static object Summary(SetStatistics s) => new
    {
        set = s.Set.Set,
        distribution = s.Set.Distribution,
        value = s.Set.Value,
        seeds = s.Set.Seeds,
        schemes = s.Schemes.Select(scheme => new { scheme = scheme.Scheme, trust_validation = scheme.MeanTrustLoss, report_validation = scheme.MeanLoss }),
    };
}
