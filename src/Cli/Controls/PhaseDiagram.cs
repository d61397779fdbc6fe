using System.Globalization;
using Spectre.Console;

namespace LoraCollab.Cli.Controls;

/// <summary>Which of Local, FedAvg and personalised training is best where: scarcity (train tokens a client) against conflict of the categories.</summary>
/// <param name="given">The options of all runs.</param>
/// <param name="trainTokens">Of the rows, in any order.</param>
/// <param name="conflicts">Of the columns.</param>
/// <param name="seeds">Of every place.</param>
internal sealed class PhaseDiagram(OptionValues given, IReadOnlyList<int> trainTokens, IReadOnlyList<double> conflicts, IReadOnlyList<ulong> seeds)
{
    private const string StandardFolder = "runs/phase";

    private static readonly string[] s_baselines = [StrategyRegistry.Solo, StrategyRegistry.Mean];

    public string Folder => given["out"] ?? StandardFolder;

    private string Seeds => seeds.Count == 1 ? "1 seed" : $"{seeds.Count} seeds";

    public int Runs => trainTokens.Count * conflicts.Count * seeds.Count;

    /// <summary>Refuses what could not be drawn before the first run.</summary>
    /// <exception cref="UserException">A value makes no run, or the schemes are not those that the diagram compares.</exception>
    public void RequireValues()
    {
        var schemes = Command.Of<CollabCommand>(Arguments(trainTokens[0], conflicts[0], seeds[0])).Options.Resolve().Schemes;
        if (!s_baselines.All(schemes.Contains) || schemes.Count < 3)
            throw new UserException($"--schemes: the phase diagram compares {string.Join(", ", s_baselines)} and at least one other scheme");
    }

    public PhaseCell[] Run(ProgressView progress, CancellationToken stop)
    {
        var cells = new List<PhaseCell>();
        double done = 0;
        foreach (int tokens in trainTokens)
            foreach (double conflict in conflicts)
            {
                var runs = new List<SeedRun>();
                foreach (ulong seed in seeds)
                    runs.Add(SeedRun.Of(Arguments(tokens, conflict, seed), (stage, share) =>
                        progress.Report($"{tokens} tokens, conflict {Text(conflict)}, seed {seed}: {stage}", (done + runs.Count + share) / Runs), stop));
                done += runs.Count;
                cells.Add(Cell(tokens, conflict, runs));
            }
        return [.. cells];
    }

    /// <summary>Writes phase.json, phase.png and phase.svg.</summary>
    public void Save(PhaseCell[] cells)
    {
        AtomicFile.WriteText(Path.Combine(Folder, "phase.json"), JsonText.File(ToJson(cells)));
        PhasePicture.Save(Path.Combine(Folder, "phase"), $"Best by report loss, and by how many nats a token; {Seeds}",
            "conflict of the categories", "train tokens a client", [.. conflicts.Select(c => Text(c))], [.. trainTokens.Select(t => Format.Count(t))],
            [.. cells.Chunk(conflicts.Count).Select(row =>
                row.Select(c => new PhasePlace(c.Best, c.Best == "personalised" ? c.Scheme : "", c.Margin)).ToArray())]);
    }

    public object ToJson(PhaseCell[] cells) => new
    {
        seeds,
        cells = cells.Select(c => new
        {
            train_tokens = c.TrainTokens,
            conflict = c.Conflict,
            local = c.Local,
            fedavg = c.FedAvg,
            personalised = c.Personalised,
            scheme = c.Scheme,
            best = c.Best,
            margin = c.Margin,
        }),
    };

    public void Write(Terminal terminal, PhaseCell[] cells)
    {
        terminal.Out.WriteLine($"Loss in nats a token on report-validation, mean over clients and {Seeds}; ");
        terminal.Out.WriteLine("personalised: the scheme that is best on trust-validation; margin: to the next of the three.");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("train tokens", "conflict", "Local", "FedAvg", "personalised", "", "best", "margin");
        foreach (int c in (int[])[0, 1, 2, 3, 4, 7]) table.Columns[c].RightAligned();
        foreach (var c in cells)
            table.AddRow(Format.Count(c.TrainTokens), Text(c.Conflict), Format.Fixed(c.Local, 4), Format.Fixed(c.FedAvg, 4), Format.Fixed(c.Personalised, 4),
                c.Scheme, c.Best, Format.Fixed(c.Margin, 4));
        terminal.Ansi.Write(table);
        terminal.Out.WriteLine($"The picture is {Path.Combine(Folder, "phase.png")} (and .svg), the numbers are in phase.json beside it.");
    }

    private OptionValues Arguments(int tokens, double conflict, ulong seed) => new OptionValues(given)
        .Set("train-tokens", Text(tokens)).Set("conflict", Text(conflict)).Set("seed", Text(seed))
        .SetDefault("schemes", "local,fedavg,validation").SetDefault("keep-rounds", "none")
        .Set("out", Path.Combine(Folder, $"tokens-{tokens}-conflict-{Text(conflict)}-seed-{seed}"));

    private static PhaseCell Cell(int tokens, double conflict, List<SeedRun> runs)
    {
        double Mean(string scheme) => runs.Average(r => r.Summary.Schemes[scheme].MeanLoss);
        string[] personalised = [.. runs[0].Summary.Schemes.Keys.Except(s_baselines)];
        string chosen = personalised.MinBy(s => runs.Average(r => r.Summary.Schemes[s].MeanTrustLoss))!;
        return new PhaseCell(tokens, conflict, Mean(StrategyRegistry.Solo), Mean(StrategyRegistry.Mean), Mean(chosen), chosen);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
