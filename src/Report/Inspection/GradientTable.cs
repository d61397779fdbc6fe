using Spectre.Console;

namespace LoraCollab.Report.Inspection;

/// <summary>A gradient report in text: every tensor in the order of the backward pass, then what an adapter's factors make together.</summary>
public static class GradientTable
{
    public static void Write(Terminal terminal, GradientReport report)
    {
        bool odd = report.Tensors.Any(t => !t.Gradient.IsFinite);
        var table = new FittedTable(["gradient of", "norm", "max", "zeros", "dead rows", "update/weight", "signal/noise",
            .. odd ? ["NaN, Inf"] : Array.Empty<string>()]);
        foreach (var tensor in report.Tensors) table.AddRow([.. Row(tensor), .. odd ? [Format.Count(tensor.Gradient.NonFinite)] : Array.Empty<string>()]);
        table.Write(terminal);
        if (report.Spectra.Any(s => s.Norm > 0)) WriteSpectra(terminal, report.Spectra);
    }

    private static string[] Row(TensorGradient tensor)
    {
        var g = tensor.Gradient;
        return
        [
            Markup.Escape(tensor.Kind == GradientKind.Activation ? tensor.Name : "  " + tensor.ShortName), Format.Scientific(g.Norm), Format.Scientific(g.Max),
            Format.Percent(g.Zeros), g.DeadRows == 0 ? "" : $"{g.DeadRows} of {g.Rows}",
            Optional(tensor.UpdateRatio), Optional(tensor.SignalToNoise),
        ];
    }

    private static void WriteSpectra(Terminal terminal, IReadOnlyList<LoraSpectrum> spectra)
    {
        const int most = 8;
        var table = new FittedTable("ΔW = s·B·A of", "norm", "effective rank",
            $"singular values{(spectra[0].Singular.Count > most ? $", the first {most}" : "")}");
        foreach (var s in spectra)
            table.AddRow(s.Projection, Format.Factor(s.Norm), Format.Fixed(s.EffectiveRank),
                string.Join("  ", s.Singular.Take(most).Select(Format.Factor)));
        table.Write(terminal);
    }

    private static string Optional(double? value) => value is { } v ? Format.Factor(v) : "";
}

/// <summary>How far apart the clients' updates are: a row per layer, a column per scheme.</summary>
public static class AngleTable
{
    /// <param name="terminal">Where to.</param>
    /// <param name="schemes">Each scheme's angles, of the same layers.</param>
    public static void Write(Terminal terminal, IReadOnlyList<(string Scheme, IReadOnlyList<UpdateAngles> Angles)> schemes)
    {
        terminal.Out.WriteLine("Degrees between the clients' ΔW: mean over pairs (least to most). 0: the same direction, 90: nothing in common.");
        var table = new FittedTable(["ΔW of", .. schemes.Select(s => s.Scheme)]);
        for (int t = 0; t < schemes[0].Angles.Count; t++)
            table.AddRow([schemes[0].Angles[t].Target ?? "all layers", .. schemes.Select(s => Text([.. s.Angles[t].Pairs]))]);
        table.Write(terminal);
    }

    private static string Text(double[] pairs) =>
        pairs.Length == 0 ? "-" : $"{Format.Fixed(pairs.Average(), 0)} ({Format.Fixed(pairs.Min(), 0)} to {Format.Fixed(pairs.Max(), 0)})";
}

/// <summary>The way of one gradient in text, a row per op.</summary>
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
                Format.Scientific(row.In), Format.Scientific(row.Out), row.Op == GradientPathRow.Around ? "" : Format.Factor(row.Factor),
                TensorNames.Short(row.Tensor), Note(row));
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

/// <summary>The norms of one step's gradient on one line: all of it, then block by block.</summary>
public static class WatchLine
{
    public static string Of(long iteration, IReadOnlyList<TensorNorm> norms) =>
        $"gradient at iteration {iteration}: {Format.Scientific(TensorNorm.Of(norms))}; "
            + string.Join("  ", norms.GroupBy(n => n.Place).Select(g => $"{g.Key} {Format.Scientific(TensorNorm.Of(g))}"));
}
