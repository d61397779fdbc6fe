using Spectre.Console;

namespace LoraCollab.Report;

/// <summary>
/// A table whose numbers are never broken. Where it is wider than the terminal, the heads are broken at blanks; then the names in the first column; where
/// that is not enough, the lines are longer than the terminal.
/// </summary>
/// <param name="heads">Of the columns; names stand to the left, numbers to the right.</param>
internal sealed class FittedTable(params string[] heads)
{
    // "  a   b   c  ": the border is blank, and every cell has a blank on both sides.
    private const int Between = 3, Outside = 4;

    private readonly List<string[]> _rows = [];

    /// <summary>Columns of names, from the left; all others hold numbers.</summary>
    public int Names { get; init; } = 1;

    /// <param name="cells">Spectre markup, one per column.</param>
    public void AddRow(params string[] cells) => _rows.Add(cells);

    public void Write(Terminal terminal)
    {
        int[] widths = ColumnWidths(terminal.Width);
        var table = new Table { Border = TableBorder.Simple };
        for (int i = 0; i < heads.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(heads[i])) { Width = widths[i] };
            table.AddColumn(i < Names ? column : column.RightAligned());
        }
        foreach (string[] row in _rows) table.AddRow(row);
        terminal.WriteAtLeast(widths.Sum() + Frame, table);
    }

    private int Frame => Between * (heads.Length - 1) + Outside;

    private int[] ColumnWidths(int terminal)
    {
        int[] cells = [.. heads.Select((_, i) => _rows.Select(row => Longest(Markup.Remove(row[i]), '\n')).DefaultIfEmpty(0).Max())];
        int[] widths = [.. heads.Select((head, i) => Math.Max(Longest(head, '\n'), cells[i]))];
        if (widths.Sum() + Frame <= terminal) return widths;
        for (int i = 0; i < widths.Length; i++) widths[i] = Math.Max(Longest(heads[i], ' ', '\n'), cells[i]);
        int room = terminal - Frame - widths.Skip(1).Sum(), least = _rows.Select(row => Longest(Markup.Remove(row[0]), ' ')).DefaultIfEmpty(0).Max();
        widths[0] = Math.Max(Math.Min(widths[0], room), Math.Max(Longest(heads[0], ' ', '\n'), least));
        return widths;
    }

    private static int Longest(string text, params char[] between) => text.Split(between).Max(part => part.Length);
}
