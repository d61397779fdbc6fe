using System.Globalization;
using System.Text;
using Spectre.Console;

namespace LoraCollab.Report;

/// <summary>
/// A trust matrix as text: row i holds how much client i trusts each client j, the value in the cell and its colour behind it. Without colours the values
/// stand alone.
/// </summary>
public sealed class TrustHeatmap(string name, IReadOnlyList<IReadOnlyList<double>> trust, IReadOnlyList<string> names)
{
    private readonly string title = ForeignText.Name(name);
    private readonly string[] labels = [.. names.Select(ForeignText.Name)];

    /// <summary>More clients than this do not fit a line; their matrices are in the run folder.</summary>
    public const int MostClients = 20;

    private const int CellWidth = 5;

    private int LabelWidth => Math.Min(14, labels.Max(l => l.Length) + (labels.Length - 1).ToString(CultureInfo.InvariantCulture).Length + 1);

    /// <summary>Characters a line takes.</summary>
    public int Width => Math.Max(title.Length, LabelWidth + 1 + labels.Length * CellWidth);

    /// <summary>
    /// Writes heatmaps side by side, as many a line as fit. The colours of all run from 0 to one common largest value, so that they can be compared.
    /// </summary>
    public static void Write(Terminal terminal, IReadOnlyList<TrustHeatmap> maps)
    {
        if (maps.Count == 0) return;
        double largest = maps.Max(m => m.Largest);
        int width = maps.Max(m => m.Width) + 3, perLine = Math.Max(1, (terminal.Width + 3) / width);
        for (int first = 0; first < maps.Count; first += perLine)
        {
            var blocks = maps.Skip(first).Take(perLine).Select(m => m.Lines(largest)).ToArray();
            for (int line = 0; line < blocks.Max(b => b.Count); line++)
            {
                var text = new StringBuilder();
                for (int b = 0; b < blocks.Length; b++)
                {
                    var (markup, length) = line < blocks[b].Count ? blocks[b][line] : ("", 0);
                    text.Append(markup);
                    if (b < blocks.Length - 1) text.Append(' ', width - length);
                }
                terminal.MarkupLine(text.ToString().TrimEnd());
            }
            terminal.Out.WriteLine();
        }
    }

    /// <summary>The last trust matrix of every scheme of a run, side by side on one colour scale.</summary>
    public static void Write(Terminal terminal, RunSummary summary, IReadOnlyList<string> categories)
    {
        if (summary.Clients > MostClients)
        {
            terminal.Out.WriteLine($"The trust matrices of {summary.Clients} clients are in trust.jsonl.");
            terminal.Out.WriteLine();
            return;
        }
        terminal.Out.WriteLine("Trust at the last aggregation: row i is how much client i trusts each client.");
        if (summary.Absent is not null || summary.Schemes.Values.Any(s => s.Excluded is not null))
            terminal.Out.WriteLine("Who took no part in it has all trust in itself.");
        terminal.Out.WriteLine();
        Write(terminal, [.. summary.Schemes.Select(s =>
            new TrustHeatmap(s.Key, s.Value.Trust, [.. s.Value.Clients.Select(c => Label(c.Name, c.Shares, categories))]))]);
    }

    /// <summary>[N]: the category each client has most of, or its own name.</summary>
    public static IReadOnlyList<string> Labels(ClientManifest data) => [.. data.Clients.Select(c => Label(c.Name, c.Shares, data.Categories))];

    private static string Label(string name, IReadOnlyList<double> shares, IReadOnlyList<string> categories) =>
        shares.Count > 0 ? categories[TrustStatistics.MainCategory(shares)] : name;

    private double Largest => trust.SelectMany(r => r).DefaultIfEmpty(0).Max();

    /// <summary>The map's lines as markup, each with the number of characters it shows.</summary>
    private List<(string Markup, int Length)> Lines(double largest)
    {
        var lines = new List<(string, int)> { ($"[bold]{Markup.Escape(title)}[/]", title.Length) };
        var header = new StringBuilder(new string(' ', LabelWidth + 1));
        for (int j = 0; j < labels.Length; j++) header.Append(j.ToString(CultureInfo.InvariantCulture).PadLeft(CellWidth - 1)).Append(' ');
        lines.Add((header.ToString(), header.Length));
        for (int i = 0; i < trust.Count; i++)
        {
            string label = Clip($"{i} {labels[i]}", LabelWidth).PadRight(LabelWidth + 1);
            var row = new StringBuilder(Markup.Escape(label));
            foreach (double value in trust[i])
            {
                Color back = ColourScale.At(largest > 0 ? value / largest : 0), front = ColourScale.TextOn(back);
                row.Append($"[#{front.ToHex()} on #{back.ToHex()}]{Cell(value)}[/]");
            }
            lines.Add((row.ToString(), label.Length + trust[i].Count * CellWidth));
        }
        return lines;
    }

    /// <summary>Two decimals without the leading zero; a dot for an exact zero, which is a peer that was masked out.</summary>
    private static string Cell(double value)
    {
        string text = value == 0 ? "·" : double.IsFinite(value) ? value.ToString("F2", CultureInfo.InvariantCulture) : "?";
        if (text.StartsWith("0.", StringComparison.Ordinal)) text = text[1..];
        return text.PadLeft(CellWidth - 1) + " ";
    }

    private static string Clip(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
