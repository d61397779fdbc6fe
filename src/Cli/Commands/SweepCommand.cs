using System.Globalization;
using System.Reflection;
using CommandLine;
using CommandLine.Text;
using LoraCollab.Cli.Collab;
using LoraCollab.Cli.Parsing;
using LoraCollab.Cli.Repeats;
using LoraCollab.Data;
using LoraCollab.Report;
using Spectre.Console;

namespace LoraCollab.Cli.Commands;

/// <summary>`collab` once for every value and seed. The value is chosen by trust-validation; the reported loss stands beside it and chooses nothing.</summary>
[Verb("sweep", HelpText = "Run collab for several values of one option and choose by trust-validation.")]
internal sealed class SweepCommand : CollabArguments
{
    [Option("over", MetaValue = "OPTION", HelpText = "The option of collab to vary, such as lr, temperature, dropout, rank.")]
    public string? Over { get; set; }

    [Option("values", MetaValue = "A,B,C", HelpText = "Its values, with commas between them (a value with a comma inside: separate all by semicolons).")]
    public string? Values { get; set; }

    [Option("seeds", MetaValue = "LIST", HelpText = "Seeds to run, such as 1-3 or 1,2,3. Default: 1-3 for controls, 100-104 for sweep.")]
    public string? Seeds { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("Which learning rate?", new SweepCommand { Over = "lr", Values = "5e-3,1e-2,2e-2", Seeds = "100-104", Schemes = "local,fedavg" }),
    ];

    public override int Run(CommandContext context)
    {
        string over = Required.Option("sweep", "--over", Over, "the option to vary, such as lr"), values = Required.Option("sweep", "--values", Values, "its values, such as 5e-3,1e-2");
        var property = PropertyOf(over);
        string[] chosen = values.Split(values.Contains(';') ? ';' : ',');
        var seeds = SeedList.Parse(Seeds ?? "100-104", Seed);
        if (DryRun)
        {
            context.Out.WriteLine($"sweep: {chosen.Length} values of --{over} × {seeds.Count} seeds = {chosen.Length * seeds.Count} runs; collab --dry-run shows the plan of one");
            return ExitCode.Success;
        }
        var stop = context.StopGracefully();
        var runs = ProgressView.Watch(context.Terminal, Quiet || Json, progress =>
        {
            var found = new List<(string Value, ulong Seed, SeedRun Run)>();
            foreach (string value in chosen)
                foreach (ulong seed in seeds)
                {
                    var run = (CollabArguments)MemberwiseClone();
                    property.SetValue(run, value);
                    run.Seed = seed.ToString(CultureInfo.InvariantCulture);
                    run.Out = Out is null ? null : Path.Combine(Out, $"{over}-{value}-seed-{seed}");
                    double before = found.Count, all = chosen.Length * seeds.Count;
                    found.Add((value, seed, SeedRun.Of(run, (stage, done) => progress.Report($"{over} {value}, seed {seed}: {stage}", (before + done) / all), stop)));
                }
            return found;
        });
        Write(context, over, chosen, seeds.Count, runs);
        return ExitCode.Success;
    }

    private static PropertyInfo PropertyOf(string option) =>
        typeof(CollabArguments).GetProperties().Concat(typeof(CollabArguments).GetInterfaces().SelectMany(i => i.GetProperties()))
            .Where(p => p.GetCustomAttribute<OptionAttribute>()?.LongName == option && p.PropertyType == typeof(string))
            .Select(p => typeof(CollabArguments).GetProperty(p.Name)!)
            .FirstOrDefault() ?? throw new UserException($"--over {option}: collab has no such option with one value; see collab --help");

    private void Write(CommandContext context, string over, string[] values, int seeds, IReadOnlyList<(string Value, ulong Seed, SeedRun Run)> runs)
    {
        var rows = runs[0].Run.Summary.Schemes.Keys.Select(scheme => new
        {
            scheme,
            values = values.Select(value => new
            {
                value,
                trust_validation = runs.Where(r => r.Value == value).Average(r => r.Run.Summary.Schemes[scheme].MeanTrustLoss),
                report_validation = runs.Where(r => r.Value == value).Average(r => r.Run.Summary.Schemes[scheme].MeanLoss),
            }).ToArray(),
        }).ToArray();
        if (Json)
        {
            context.Out.WriteLine(JsonText.Line(new { over, seeds, rows }));
            return;
        }
        context.Out.WriteLine($"Loss in nats a token on trust-validation (report-validation), mean over clients and {seeds} seeds; * lowest on trust-validation.");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("--" + over);
        foreach (string value in values) table.AddColumn(new TableColumn(value).RightAligned());
        foreach (var row in rows)
        {
            double best = row.values.Min(v => v.trust_validation);
            table.AddRow([row.scheme, .. row.values.Select(v => $"{Format.Fixed(v.trust_validation, 4)} ({Format.Fixed(v.report_validation, 4)}){(v.trust_validation == best ? " *" : "  ")}")]);
        }
        context.Terminal.Ansi.Write(table);
    }
}
