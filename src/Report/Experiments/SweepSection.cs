namespace LoraCollab.Report.Experiments;

/// <summary>The sets of one option's values: perplexity against the value, on report text and on trust-validation text, by which a value is chosen.</summary>
/// <param name="Values">One set a value, in the order of the plan.</param>
internal sealed record SweepSection(IReadOnlyList<SetStatistics> Values)
{
    private ExperimentSet First => Values[0].Set;

    public string Title => $"{First.Over}, {ExperimentSet.NameOf(First.Set, First.Distribution, First.Compat)}"
        + ResultNotes.Mark(First.Overlap);

    /// <summary>Groups the sets that vary something.</summary>
    public static IReadOnlyList<SweepSection> Of(IEnumerable<SetStatistics> sets) =>
        [.. sets.Where(s => s.Set.Over is not null).GroupBy(s => (s.Set.Over, s.Set.Set, s.Set.Distribution, s.Set.Compat))
            .Select(g => new SweepSection([.. g]))];

    /// <summary>In words, with the option's name where that is another.</summary>
    private string Option => First.Over switch
    {
        "lr" => "learning rate (lr)",
        "lora-dropout" => "dropout on the adapters' input (lora-dropout)",
        "alpha" => "α, the scale of adapters",
        "rank" => "rank of adapters",
        "temperature" => "temperature of the softmax",
        var other => other!,
    };

    /// <summary>Both diagrams show mean perplexity on one scale, so that they can be compared.</summary>
    /// <param name="schemes">All schemes of the experiment, in their order.</param>
    public ReportFigure Figure(IReadOnlyList<string> schemes)
    {
        string[] values = [.. Values.Select(v => v.Set.Value ?? "")];
        bool intervals = Values.All(v => v.Schemes.All(s => s.HalfWidth is not null));
        SweepLine[] report = Lines(schemes, s => s.MeanPerplexity, s => s.PerplexityBySeed, intervals ? s => s.HalfWidth : null),
            trust = Lines(schemes, s => s.TrustPerplexityBySeed.Average(), s => s.TrustPerplexityBySeed, null);
        return new ReportFigure($"sweep-{First.Over}-{First.FileName}", $"Perplexity against {Title}",
            $"Mean over seeds and clients of the perplexity, an open marker a seed{(intervals ? ", on report text with its 95 % interval" : "")}; "
                + "both sides on one axis. "
                + "Framed: the value of lowest mean loss on trust-validation text, by which a value is chosen; what report text says of it chooses nothing.",
            path => SweepPicture.Save(path, $"Perplexity against {Title}, {Seeds()}", Option, values,
                [new("on report text", "perplexity", report), new("on trust-validation text", "perplexity", trust)], oneScale: true));
    }

    private string Seeds()
    {
        int least = Values.Min(v => v.Set.Seeds.Count), most = Values.Max(v => v.Set.Seeds.Count);
        return least == most ? Format.Several(most, "seed") : $"{least} to {most} seeds";
    }

    private SweepLine[] Lines(IReadOnlyList<string> schemes, Func<SchemeStatistics, double> mean, Func<SchemeStatistics, IReadOnlyList<double>> seeds,
        Func<SchemeStatistics, double?>? half) =>
    [
        .. schemes.Select(scheme => (Scheme: scheme, Found: Values.Select(v => Found(v, scheme)).ToArray())).Where(s => s.Found.Any(f => f is not null))
            .Select(s => new SweepLine(s.Scheme, SchemeStyle.Of(s.Scheme), [.. s.Found.Select(f => f is null ? double.NaN : mean(f))])
            {
                HalfWidths = half is null ? null : [.. s.Found.Select(f => f is null ? null : half(f))],
                Seeds = [.. s.Found.Select(f => f is null ? [] : seeds(f))],
                Chosen = Chosen(s.Found),
            }),
    ];

    /// <summary>The place of the lowest loss on trust-validation, the first of equal ones.</summary>
    private static int Chosen(SchemeStatistics?[] found) => Array.IndexOf(found, found.Where(f => f is not null).MinBy(f => f!.MeanTrustLoss));

    /// <summary>A row per scheme, a column per value; the value that trust-validation chooses is marked.</summary>
    public PageBlock.Table Table(IReadOnlyList<string> schemes) => new([First.Over!, .. Values.Select(v => v.Set.Value ?? "")],
    [
        .. schemes.Where(s => Values.Any(v => Found(v, s) is not null)).Select(scheme =>
        {
            double best = Values.Min(v => Found(v, scheme)?.MeanTrustLoss ?? double.PositiveInfinity);
            return (string[])[scheme, .. Values.Select(v => Cell(Found(v, scheme), best))];
        }),
    ]);

    /// <summary>What stands below the table.</summary>
    public IEnumerable<PageBlock> Notes() => ExperimentSet.Notes(Values.Select(v => v.Set)).Select(line => new PageBlock.Paragraph(Words.Plain(line)));

    private static string Cell(SchemeStatistics? found, double best) =>
        found is null ? "" : ExperimentTable.Perplexity(found) + (found.MeanTrustLoss == best ? " *" : "");

    private static SchemeStatistics? Found(SetStatistics set, string scheme) => set.Schemes.FirstOrDefault(s => s.Scheme == scheme);
}

/// <summary>
/// Several values of one option: by scheme the loss on trust-validation, by which a value is chosen, and beside it the reported one, which chooses nothing.
/// </summary>
public static class SweepTable
{
    /// <param name="terminal">Where to.</param>
    /// <param name="sets">Sets that vary an option; others are left out.</param>
    public static void Write(Terminal terminal, IReadOnlyList<SetStatistics> sets)
    {
        foreach (var figure in sets.Where(s => s.Set.Over is not null).GroupBy(s => (s.Set.Over, s.Set.Set, s.Set.Distribution)))
        {
            SetStatistics[] values = [.. figure];
            terminal.Out.WriteLine($"{figure.Key.Set} {figure.Key.Distribution} over {figure.Key.Over}, seeds {string.Join(", ", values[0].Set.Seeds)}:");
            terminal.Out.WriteLine("nats a token on trust-validation (report-validation); * lowest on trust-validation.");
            var table = new FittedTable(["", .. values.Select(v => v.Set.Value!.Replace(',', '\n'))]);
            foreach (string scheme in values[0].Set.Schemes)
            {
                SchemeStatistics[] row = [.. values.Select(v => v.Schemes.First(s => s.Scheme == scheme))];
                double best = row.Min(s => s.MeanTrustLoss!.Value);
                table.AddRow([scheme, .. row.Select(s =>
                    $"{Format.Fixed(s.MeanTrustLoss!.Value, 4)} ({Format.Fixed(s.MeanLoss, 4)}){(s.MeanTrustLoss == best ? " *" : "  ")}")]);
            }
            table.Write(terminal);
            foreach (string line in ExperimentSet.Notes(values.Select(v => v.Set))) terminal.Out.WriteLine(line);
        }
    }
}
