using Spectre.Console;

namespace LoraCollab.Report.Gradients;

/// <summary>How far apart the clients' updates are: a row a layer, a column a scheme.</summary>
public static class AngleTable
{
    /// <param name="terminal">Where to.</param>
    /// <param name="schemes">Each scheme's angles, of the same layers.</param>
    public static void Write(Terminal terminal, IReadOnlyList<(string Scheme, IReadOnlyList<UpdateAngles> Angles)> schemes)
    {
        terminal.Out.WriteLine("Degrees between the clients' ΔW: mean over pairs (least to most). 0: the same direction, 90: nothing in common.");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(["ΔW of", .. schemes.Select(s => s.Scheme)]);
        foreach (var column in table.Columns) column.NoWrap();
        foreach (var column in table.Columns.Skip(1)) column.RightAligned();
        for (int t = 0; t < schemes[0].Angles.Count; t++)
            table.AddRow([schemes[0].Angles[t].Target ?? "all layers", .. schemes.Select(s => Text([.. s.Angles[t].Pairs]))]);
        terminal.Ansi.Write(table);
    }

    private static string Text(double[] pairs) =>
        pairs.Length == 0 ? "-" : $"{Format.Fixed(pairs.Average(), 0)} ({Format.Fixed(pairs.Min(), 0)} to {Format.Fixed(pairs.Max(), 0)})";
}
