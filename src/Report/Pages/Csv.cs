using System.Globalization;
using System.Text;

namespace LoraCollab.Report.Pages;

/// <summary>
/// A table as comma-separated values (RFC 4180): numbers in full precision, nothing where there is no value, and names that no spreadsheet takes for formulas.
/// </summary>
public static class Csv
{
    public static void Write(string file, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<object?>> rows)
    {
        var text = new StringBuilder().AppendJoin(',', header).Append('\n');
        foreach (var row in rows) text.AppendJoin(',', row.Select(Cell)).Append('\n');
        AtomicFile.WriteText(file, text.ToString());
    }

    private static string Cell(object? value)
    {
        string text = value switch
        {
            null => "",
            string words => Harmless(words),
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            Enum name => name.ToString().ToLowerInvariant(),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
        return text.AsSpan().IndexOfAny(",\"\n\r\t") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
    }

    /// <summary>A name that a spreadsheet would take for a formula gets a ' before it; a number stays one.</summary>
    private static string Harmless(string text) =>
        text.TrimStart() is [var first, ..] && ("=+-@＝＋－＠".Contains(first) || text[0] is '\t' or '\r' or '\n')
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "'" + text : text;
}
