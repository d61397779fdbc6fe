namespace LoraCollab.Report;

/// <summary>The result of a run: the base, one row per scheme, comparators, and what the data's own floor is.</summary>
public sealed class ResultTable(RunSummary summary)
{
    /// <summary>Adapters trained without collaboration, where they were asked for.</summary>
    public IReadOnlyDictionary<string, ComparatorSummary>? Comparators { get; init; }

    /// <summary>The least possible loss in nats per token, where the data knows it.</summary>
    public CorpusFloor? Floor { get; init; }

    /// <summary>Which part of the text the model may have seen before; null: what the summary says.</summary>
    public PretrainingOverlap? Overlap { get; init; }

    public void Write(Terminal terminal)
    {
        terminal.Out.WriteLine("Perplexity on report text, mean over clients, just before and after the last mix; worst: of the client that fares worst.");
        var table = new FittedTable("", "before", "after  ", "worst", "accuracy", "epochs", "sent", "received", "time");
        table.AddRow("base model", "", Format.Perplexity(summary.BasePerplexity) + "  ", "", "", "", "", "", "");
        string best = summary.Schemes.MinBy(s => s.Value.MeanPerplexity).Key;
        foreach (var (name, scheme) in summary.Schemes) AddScheme(table, name, scheme, name == best);
        foreach (var (name, found) in Comparators ?? new Dictionary<string, ComparatorSummary>())
            table.AddRow(name.Replace('_', ' '), "", Format.Perplexity(found.MeanPerplexity) + "  ",
                Format.Perplexity(Math.Exp(summary.LossByClient(found).Values.Max())), Format.Percent(found.MeanAccuracy), "", "", "", "");
        if (Floor is { } floor)
        {
            table.AddRow("[dim]floor, category known[/]", "", $"[dim]{Format.Perplexity(Math.Exp(floor.WithCategory))}  [/]", "", "", "", "", "", "");
            table.AddRow("[dim]floor, category unknown[/]", "", $"[dim]{Format.Perplexity(Math.Exp(floor.WithoutCategory))}  [/]", "", "", "", "", "", "");
        }
        table.Write(terminal);
        if (Floor is not null) terminal.Out.WriteLine("Floor: the best any model of this generated text can do, with and without knowing the categories.");
        terminal.Out.WriteLine($"* lowest. Mixed {summary.Schemes.Values.Max(s => s.Aggregations)} times in {summary.Iterations} iterations; "
            + $"bytes are those of all {summary.Clients} clients; the whole run took {Format.Duration(TimeSpan.FromSeconds(summary.Seconds))}.");
        foreach (string line in ResultNotes.Of(Overlap ?? summary.PretrainingOverlap, summary)) terminal.Out.WriteLine(line);
        terminal.Out.WriteLine();
    }

    private static void AddScheme(FittedTable table, string name, SchemeSummary scheme, bool best)
    {
        string Mark(string text) => best ? $"[bold]{text}[/]" : text;
        table.AddRow(
            Mark(name + ResultNotes.Mark(scheme)), scheme.MeanPerplexityBefore is { } before ? Format.Perplexity(before) : "",
            Mark(Format.Perplexity(scheme.MeanPerplexity) + (best ? " *" : "  ")),
            Format.Perplexity(scheme.Counted.Max(c => c.Perplexity)), Format.Percent(scheme.MeanAccuracy), Format.Fixed(scheme.Epochs, 1),
            scheme.BytesUp == 0 ? "" : Format.Bytes(scheme.BytesUp), scheme.BytesDown == 0 ? "" : Format.Bytes(scheme.BytesDown),
            Format.Duration(TimeSpan.FromSeconds(scheme.Seconds)));
    }
}
