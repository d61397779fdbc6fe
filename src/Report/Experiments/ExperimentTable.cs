using Spectre.Console;

namespace LoraCollab.Report.Experiments;

/// <summary>The result of an experiment in the terminal: per set one row per scheme or comparator, with differences to Local and FedAvg.</summary>
public static class ExperimentTable
{
    private const string Unclear = " ~";

    public static void Write(Terminal terminal, IReadOnlyList<SetStatistics> sets)
    {
        bool intervals = sets.Any(s => s.Set.Seeds.Count >= HierarchicalBootstrap.LeastSeeds);
        bool few = sets.Any(s => s.Set.Seeds.Count < HierarchicalBootstrap.LeastSeeds);
        terminal.Out.WriteLine("Perplexity on report text after the last mix. Differences: of its logarithm (nats a token) on the same seeds and");
        terminal.Out.WriteLine("clients, below zero is better. Gain, harmed: share of clients that do better, worse than under Local. Worst: the client");
        terminal.Out.WriteLine("with the highest perplexity.");
        if (intervals)
            terminal.Out.WriteLine($"± 95 % interval over seeds and clients;{Unclear} not distinguishable from zero after Holm's correction over all rows.");
        if (few)
            terminal.Out.WriteLine($"Fewer than {HierarchicalBootstrap.LeastSeeds} seeds: every seed's mean is printed, and nothing is called significant.");
        terminal.Out.WriteLine();
        foreach (var set in sets) Write(terminal, set);
    }

    /// <summary>"-0.0712 ± 0.0150", with a mark where it cannot be told from zero; or every seed's.</summary>
    public static string Difference(PairedDifference? difference) => difference switch
    {
        null => "",
        { HalfWidth: { } half } => $"{Format.Fixed(difference.Mean, 4)} ± {Format.Fixed(half, 4)}{(difference.IsDistinguishable ? "  " : Unclear)}",
        _ => string.Join(" ", difference.BySeed.Select(d => Format.Fixed(d, 3))),
    };

    /// <summary>"2.104 ± 0.031", or every seed's.</summary>
    public static string Perplexity(SchemeStatistics scheme) => scheme.HalfWidth is { } half
        ? $"{Format.Perplexity(scheme.MeanPerplexity)} ± {Format.Perplexity(half)}"
        : string.Join(" ", scheme.PerplexityBySeed.Select(Format.Perplexity));

    /// <summary>"62 %"; nothing where there is no share.</summary>
    internal static string Share(double? share) => share is { } s ? Format.Percent(s, 0) : "";

    private static void Write(Terminal terminal, SetStatistics statistics)
    {
        var set = statistics.Set;
        terminal.Out.WriteLine($"{set.Title}: {Format.Several(set.Runs[0].Clients, "client")}, {set.Runs[0].Iterations} iterations, "
            + $"seed{(set.Seeds.Count == 1 ? "" : "s")} {string.Join(", ", set.Seeds)}");
        var table = new FittedTable("", "perplexity", "to Local", "to FedAvg", "gain", "harmed", "worst");
        foreach (var s in statistics.Rows)
            table.AddRow(s.Title, Perplexity(s), Difference(s.ToLocal), Difference(s.ToFedAvg),
                Share(s.ToLocal?.Gain), Share(s.ToLocal?.Harmed), $"{Markup.Escape(s.Worst.Name)} {Format.Perplexity(s.Worst.Perplexity)}");
        table.Write(terminal);
        foreach (string line in ExperimentSet.Notes(set)) terminal.Out.WriteLine(line);
    }
}
