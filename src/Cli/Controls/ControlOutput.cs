using Spectre.Console;

namespace LoraCollab.Cli.Controls;

/// <summary>Shows a controlled experiment: losses by seed, the claims, and how near trust comes to what was planted.</summary>
internal static class ControlOutput
{
    public static void Write(Terminal terminal, ControlResult result)
    {
        terminal.Out.WriteLine($"{result.Kind.Name}: {result.Kind.Description}.");
        terminal.Out.WriteLine("Loss in nats a token on report-validation after the last mix, mean over clients.");
        var losses = Columns("", result, "mean");
        foreach (var (name, values) in result.Rows())
            losses.AddRow([name.Replace('_', ' '), .. values.Append(values.Average()).Select(v => Format.Fixed(v, 4))]);
        terminal.Ansi.Write(losses);
        terminal.Out.WriteLine("Claims, paired by seed and client; "
            + "difference: of the losses in nats, mean and 95 % interval over seeds and clients (from five seeds on).");
        var claims = Columns("claim", result, "difference");
        foreach (var claim in ControlClaim.Of(result)) claims.AddRow([claim.Text, .. claim.Holds.Select(h => h ? "holds" : "fails"), Difference(claim)]);
        terminal.Ansi.Write(claims);
        WriteTrust(terminal, result);
    }

    public static object ToJson(ControlResult result) => new
    {
        kind = result.Kind.Name,
        seeds = result.Seeds,
        losses = result.Rows().ToDictionary(r => r.Name, r => r.Losses),
        claims = ControlClaim.Of(result).Select(c => new { text = c.Text, holds = c.Holds, mean = c.Difference?.Mean, half_width = c.Difference?.HalfWidth }),
        trust = Trust(result).Select(t => new { scheme = t.Scheme, auc = t.Auc, self = t.Self, neighbours = t.Neighbours, regret = t.Regret }),
    };

    private static void WriteTrust(Terminal terminal, ControlResult result)
    {
        if (!Trust(result).Any()) return;
        terminal.Out.WriteLine("Trust at the last aggregation, mean over seeds. AUC: the chance that a peer of the own category is trusted more than another;");
        terminal.Out.WriteLine("regret: nats to learned trust on report text.");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("", "AUC", "self-weight", "effective neighbours", "regret");
        foreach (var column in table.Columns.Skip(1)) column.RightAligned();
        foreach (var (scheme, auc, self, neighbours, regret) in Trust(result))
            table.AddRow(
                scheme, auc is { } a ? Format.Fixed(a, 2) : "", Format.Fixed(self), Format.Fixed(neighbours), regret is { } r ? Format.Fixed(r, 4) : "");
        terminal.Ansi.Write(table);
    }

    private static IEnumerable<(string Scheme, double? Auc, double Self, double Neighbours, double? Regret)> Trust(ControlResult result)
    {
        foreach (string scheme in result.Schemes.Where(s => result.Records[0].RoundsOf(s).Count > 0))
        {
            var last = result.Records.Select(r => (Run: r, Trust: r.RoundsOf(scheme)[^1])).ToArray();
            var says = last.Select(l => l.Trust.Statistics(l.Run.Shares)).ToArray();
            yield return (scheme, last.Select(l => l.Trust.Auc(l.Run.Shares)).Average(),
                says.Average(s => s.SelfWeight), says.Average(s => s.EffectiveNeighbours),
                result.Regrets?.SelectMany(r => r).Where(r => r.Scheme == scheme).Select(r => (double?)r.Regret).Average());
        }
    }

    private static string Difference(ControlClaim claim) => claim.Difference switch
    {
        null => "",
        { HalfWidth: { } half } d => $"{Format.Fixed(d.Mean, 4)} ± {Format.Fixed(half, 4)}",
        var d => Format.Fixed(d.Mean, 4),
    };

    private static Table Columns(string first, ControlResult result, string last)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(first);
        foreach (ulong seed in result.Seeds) table.AddColumn(new TableColumn($"seed {seed}").RightAligned());
        table.AddColumn(new TableColumn(last).RightAligned());
        foreach (var column in table.Columns.Skip(1)) column.NoWrap();
        return table;
    }
}
