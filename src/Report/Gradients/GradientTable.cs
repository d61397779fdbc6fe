using Spectre.Console;

namespace LoraCollab.Report.Gradients;

/// <summary>A gradient report in text: every tensor in the order of the backward pass, then what an adapter's factors make together.</summary>
public static class GradientTable
{
    public static void Write(Terminal terminal, GradientReport report)
    {
        var table = Empty("gradient of", "norm", "max", "zeros", "dead rows", "update/weight", "signal/noise");
        bool odd = report.Tensors.Any(t => !t.Gradient.IsFinite);
        if (odd) table.AddColumn(new TableColumn("NaN, Inf").RightAligned().NoWrap());
        foreach (var tensor in report.Tensors) table.AddRow([.. Row(tensor), .. odd ? [Format.Count(tensor.Gradient.NonFinite)] : Array.Empty<string>()]);
        terminal.Ansi.Write(table);
        if (report.Spectra.Any(s => s.Norm > 0)) WriteSpectra(terminal, report.Spectra);
    }

    private static string[] Row(TensorGradient tensor)
    {
        var g = tensor.Gradient;
        return
        [
            Markup.Escape(tensor.Kind == GradientKind.Activation ? tensor.Name : "  " + tensor.ShortName), Scientific.Text(g.Norm), Scientific.Text(g.Max),
            Format.Fixed(g.Zeros * 100, 1) + " %", g.DeadRows == 0 ? "" : $"{g.DeadRows} of {g.Rows}",
            Optional(tensor.UpdateRatio), Optional(tensor.SignalToNoise),
        ];
    }

    private static void WriteSpectra(Terminal terminal, IReadOnlyList<LoraSpectrum> spectra)
    {
        const int most = 8;
        var table = Empty("ΔW = s·B·A of", "norm", "effective rank", $"singular values{(spectra[0].Singular.Count > most ? $", the first {most}" : "")}");
        foreach (var s in spectra)
            table.AddRow(s.Projection, Scientific.Factor(s.Norm), Format.Fixed(s.EffectiveRank),
                string.Join("  ", s.Singular.Take(most).Select(Scientific.Factor)));
        terminal.Ansi.Write(table);
    }

    private static Table Empty(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(columns);
        foreach (var column in table.Columns) column.NoWrap();
        foreach (var column in table.Columns.Skip(1)) column.RightAligned();
        return table;
    }

    private static string Optional(double? value) => value is { } v ? Scientific.Factor(v) : "";
}
