using Spectre.Console;

namespace LoraCollab.Report.Inspection;

/// <summary>Every head of some layers on one line: what it looks at under each model, and where two models differ most.</summary>
public static class AttentionTable
{
    private const string Legend = "entropy in nats; back: tokens back to what is looked at, in the mean; first: share on the first token.",
        ChangeLegend = "largest change: total variation between the last two models at the position where it is largest.";

    /// <param name="names">Of the models.</param>
    /// <param name="models">One a name, on one text.</param>
    /// <param name="heads">Which heads.</param>
    /// <param name="labels">[T]: the tokens.</param>
    public static void Write(Terminal terminal, IReadOnlyList<string> names, IReadOnlyList<AttentionMaps> models,
        IEnumerable<(int Layer, int Head)> heads, IReadOnlyList<string> labels)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("layer\n.head").NoWrap());
        foreach (string name in names) table.AddColumn(new TableColumn(Markup.Escape($"{name}\nentropy back first")).NoWrap().RightAligned());
        if (models.Count > 1) table.AddColumn(new TableColumn("largest\nchange").NoWrap());
        foreach (var (l, h) in heads)
        {
            List<string> cells = [$"{l}.{h}", .. models.Select(m => Cell(m[l, h]))];
            if (models.Count > 1)
            {
                var (change, position) = models[^1][l, h].LargestChange(models[^2][l, h]);
                cells.Add(Markup.Escape($"{Format.Fixed(change)} at {position} {labels[position]}"));
            }
            table.AddRow([.. cells]);
        }
        terminal.Ansi.Write(table);
        terminal.Out.WriteLine(Legend);
        if (models.Count > 1) terminal.Out.WriteLine(ChangeLegend);
    }

    private static string Cell(AttentionMap map) => $"{Format.Fixed(map.Entropy),4} {Format.Fixed(map.Distance, 1),5} {Format.Fixed(map.OnFirst * 100, 0),3} %";
}
