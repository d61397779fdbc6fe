using Spectre.Console;

namespace LoraCollab.Report.Gradients;

/// <summary>The way of one gradient in text, a row an op.</summary>
public static class PathTable
{
    public static void Write(Terminal terminal, GradientPath path)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("op", "where", "in", "out", "factor", "gradient of", "");
        foreach (var column in table.Columns) column.NoWrap();
        foreach (var column in table.Columns.Skip(2).Take(3)) column.RightAligned();
        foreach (var row in path.Rows)
            table.AddRow(row.Op is GradientPathRow.Around or GradientPathRow.Sum ? "  " + row.Op : row.Op, row.Scope,
                Scientific.Text(row.In), Scientific.Text(row.Out), row.Op == GradientPathRow.Around ? "" : Scientific.Factor(row.Factor), TensorGradient.Shorten(row.Tensor), Note(row));
        terminal.Ansi.Write(table);
    }

    private static string Note(GradientPathRow row) => row switch
    {
        { Finding.Fault: GradientFault.NonFinite } => "← NaN or infinite",
        { Finding.Fault: GradientFault.Exploding } => "← explodes",
        { Finding.Fault: GradientFault.Initial } => "← zero: B = 0",
        { Finding: not null } => "← vanishes",
        { Cosine: { } cosine } when double.IsFinite(cosine) => $"cosine {Format.Fixed(Math.Round(cosine, 2) + 0.0)}",
        _ => "",
    };
}
