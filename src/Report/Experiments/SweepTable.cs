using Spectre.Console;

namespace LoraCollab.Report.Experiments;

/// <summary>
/// Several values of one option: by scheme the loss on trust-validation, by which a value is chosen, and beside it the reported one, which chooses
/// nothing.
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
            terminal.Out.WriteLine($"{figure.Key.Set} {figure.Key.Distribution} over --{figure.Key.Over}, seeds {string.Join(", ", values[0].Set.Seeds)}:");
            terminal.Out.WriteLine("nats a token on trust-validation (report-validation); * lowest on trust-validation.");
            var table = new Table { Border = TableBorder.Simple };
            table.AddColumn("");
            foreach (var value in values) table.AddColumn(new TableColumn(Markup.Escape(value.Set.Value!.Replace(',', '\n'))).RightAligned());
            foreach (string scheme in values[0].Set.Schemes)
            {
                SchemeStatistics[] row = [.. values.Select(v => v.Schemes.First(s => s.Scheme == scheme))];
                double best = row.Min(s => s.MeanTrustLoss!.Value);
                table.AddRow([scheme, .. row.Select(s =>
                    $"{Format.Fixed(s.MeanTrustLoss!.Value, 4)} ({Format.Fixed(s.MeanLoss, 4)}){(s.MeanTrustLoss == best ? " *" : "  ")}")]);
            }
            terminal.Ansi.Write(table);
            foreach (string line in SetNotes.Of(values.Select(v => v.Set))) terminal.Out.WriteLine(line);
        }
    }
}
