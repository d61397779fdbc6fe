using System.Globalization;
using CommandLine;
using CommandLine.Text;
using LoraCollab.Cli.Collab;
using LoraCollab.Cli.Options;
using LoraCollab.Cli.Repeats;
using LoraCollab.Federation;
using LoraCollab.Report;
using Spectre.Console;

namespace LoraCollab.Cli.Commands;

/// <summary>The clustered control: the default run over several seeds beside pooled training, and whether what the data plants is found.</summary>
[Verb("controls", HelpText = "Run collab over several seeds beside pooled training, and check what the data was made to show.")]
internal sealed class ControlsCommand : CollabArguments, ISeedsOption
{
    /// <summary>Nats by which Local and Pooled(all) must be worse than Pooled(category): less, and there is nothing for a scheme to find.</summary>
    private const double PlantedGap = 0.03;

    private static readonly string[] s_personalised = ["theoretical", "validation", "prediction"];

    public string? Seeds { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples => [new("The clustered control, four topics with two clients each", new ControlsCommand { Seeds = "1-3" })];

    public override int Run(CommandContext context)
    {
        var seeds = SeedList.Parse(Seeds ?? "1-3", Seed);
        if (DryRun)
        {
            context.Out.WriteLine($"controls: {seeds.Count} runs, each with pooled training beside it; collab --dry-run shows the plan of one");
            return ExitCode.Success;
        }
        var stop = context.StopGracefully();
        var runs = ProgressView.Watch(context.Terminal, Quiet || Json, progress => seeds.Select((seed, n) =>
        {
            var run = (CollabArguments)MemberwiseClone();
            run.Seed = seed.ToString(CultureInfo.InvariantCulture);
            run.Out = Out is null ? null : Path.Combine(Out, $"seed-{seed}");
            run.Comparators = Comparators ?? $"{Federation.Comparators.PooledCategory},{Federation.Comparators.PooledAll}";
            return SeedRun.Of(run, (stage, done) => progress.Report($"seed {seed}: {stage}", (n + done) / seeds.Count), stop);
        }).ToArray());
        var verdicts = Verdicts(runs).ToArray();
        if (Json) context.Out.WriteLine(JsonText.Line(new { seeds, losses = Rows(runs).ToDictionary(r => r.Name, r => r.Losses), verdicts = verdicts.Select(v => new { v.Claim, v.Seeds }) }));
        else Write(context, seeds, runs, verdicts);
        return ExitCode.Success;
    }

    /// <summary>Mean report loss by seed: base, comparators, schemes.</summary>
    private static IEnumerable<(string Name, double[] Losses)> Rows(SeedRun[] runs)
    {
        yield return ("base", [.. runs.Select(r => r.Summary.BaseLoss)]);
        foreach (string name in runs[0].Comparators.Keys) yield return (name, [.. runs.Select(r => r.Comparators[name].MeanLoss)]);
        foreach (string name in runs[0].Summary.Schemes.Keys) yield return (name, [.. runs.Select(r => r.Summary.Schemes[name].MeanLoss)]);
    }

    /// <summary>Each claim with the seeds in which it holds.</summary>
    private static IEnumerable<(string Claim, bool[] Seeds)> Verdicts(SeedRun[] runs)
    {
        double Loss(SeedRun run, string scheme) => run.Summary.Schemes[scheme].MeanLoss;
        bool Has(string scheme) => runs[0].Summary.Schemes.ContainsKey(scheme);
        string gap = Format.Fixed(PlantedGap, 2);
        if (Has("local"))
            yield return ($"Local is at least {gap} nats worse than Pooled(category)", [.. runs.Select(r => Loss(r, "local") - r.Comparators[Federation.Comparators.PooledCategory].MeanLoss >= PlantedGap)]);
        yield return ($"Pooled(all) is at least {gap} nats worse than Pooled(category)",
            [.. runs.Select(r => r.Comparators[Federation.Comparators.PooledAll].MeanLoss - r.Comparators[Federation.Comparators.PooledCategory].MeanLoss >= PlantedGap)]);
        if (Has("local") && Has("fedavg"))
            foreach (string scheme in s_personalised.Where(Has))
                yield return ($"{scheme} beats Local and FedAvg", [.. runs.Select(r => Loss(r, scheme) < Loss(r, "local") && Loss(r, scheme) < Loss(r, "fedavg"))]);
        foreach (string scheme in runs[0].Trust.Select(t => t.Scheme).Distinct())
            yield return ($"{scheme} trusts peers of its category more than others at every aggregation",
                [.. runs.Select(r => r.Trust.Where(t => t.Scheme == scheme).All(t => t.Says.SameCategory > t.Says.OtherCategory))]);
    }

    private static void Write(CommandContext context, IReadOnlyList<ulong> seeds, SeedRun[] runs, (string Claim, bool[] Seeds)[] verdicts)
    {
        context.Out.WriteLine("Loss in nats a token on report-validation after the last mix, mean over clients.");
        var losses = new Table { Border = TableBorder.Simple };
        losses.AddColumn("");
        foreach (ulong seed in seeds) losses.AddColumn(new TableColumn($"seed {seed}").RightAligned());
        losses.AddColumn(new TableColumn("mean").RightAligned());
        foreach (var (name, values) in Rows(runs)) losses.AddRow([name.Replace('_', ' '), .. values.Append(values.Average()).Select(v => Format.Fixed(v, 4))]);
        context.Terminal.Ansi.Write(losses);
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("claim");
        foreach (ulong seed in seeds) table.AddColumn(new TableColumn($"seed {seed}").RightAligned());
        foreach (var (claim, holds) in verdicts) table.AddRow([claim, .. holds.Select(h => h ? "holds" : "fails")]);
        context.Terminal.Ansi.Write(table);
    }
}
