using Spectre.Console;

namespace LoraCollab.Report.Inspection;

/// <summary>What models expect after every position of a text, side by side, and what differs.</summary>
public static class LogitTable
{
    private const string Legend = "* what does follow",
        OthersLegend = "; + not shown in the column to the left; in brackets: the loss less that of the column to the left";

    /// <param name="names">Of the models.</param>
    /// <param name="models">[model][T].</param>
    /// <param name="label">How a token is shown.</param>
    public static void Write(Terminal terminal, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<NextToken>> models, Func<int, string> label)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("after").NoWrap());
        foreach (string name in names) table.AddColumn(new TableColumn(Markup.Escape(name)).NoWrap());
        for (int t = 0; t < models[0].Count; t++)
        {
            var first = models[0][t];
            string place = $"{t,2} {label(first.Token)}" + (first.Next is { } next ? $"\n   → {label(next.Id)}" : "");
            table.AddRow([Markup.Escape(place), .. models.Select((m, i) => Markup.Escape(Cell(m[t], i > 0 ? models[i - 1][t] : null, label)))]);
        }
        terminal.Ansi.Write(table);
        terminal.Out.WriteLine(Legend + (models.Count > 1 ? OthersLegend : "") + ".");
        for (int i = 0; i < models.Count; i++) terminal.Out.WriteLine(Mean(names, models, i, label));
    }

    /// <summary>Mean loss over the positions that have a next token.</summary>
    public static double MeanLoss(IReadOnlyList<NextToken> model) => model.Where(t => t.Next is not null).Average(t => t.Next!.Value.Loss);

    private static string Cell(NextToken token, NextToken? left, Func<int, string> label)
    {
        int width = token.Top.Max(t => label(t.Id).Length);
        var lines = token.Top.Select(t => $"{(t.Id == token.Next?.Id ? '*' : ' ')}{(left is not null && left.Top.All(o => o.Id != t.Id) ? '+' : ' ')} "
            + $"{label(t.Id).PadRight(width)} {Format.Fixed(t.Probability * 100, 1),5} %");
        string change = left?.Next is { } other ? $" ({Signed(token.Next!.Value.Loss - other.Loss)})" : "";
        string last = token.Next is { } next ? $"\nrank {next.Rank}, loss {Format.Fixed(next.Loss)}{change}" : "";
        return string.Join('\n', lines) + last + "\n";
    }

    private static string Mean(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<NextToken>> models, int i, Func<int, string> label)
    {
        string line = $"{names[i]}: mean loss {Format.Fixed(MeanLoss(models[i]), 3)}, "
            + $"{models[i].Count(t => t.Next?.Rank == 1)} of {models[i].Count - 1} tokens ranked first";
        if (i == 0) return line;
        var most = models[i].Zip(models[i - 1]).Where(p => p.First.Next is not null)
            .Select(p => (p.First, Change: p.First.Next!.Value.Loss - p.Second.Next!.Value.Loss)).MaxBy(p => Math.Abs(p.Change));
        return $"{line}; most changed from {names[i - 1]}: {label(most.First.Next!.Value.Id)} after position {most.First.Position}, {Signed(most.Change)}";
    }

    private static string Signed(double value) => (value >= 0 ? "+" : "") + Format.Fixed(value);
}
