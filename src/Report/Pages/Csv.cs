using System.Globalization;
using System.Text;
using LoraCollab.Data;

namespace LoraCollab.Report.Pages;

/// <summary>A table as comma-separated values (RFC 4180): numbers in full precision, nothing where there is no value.</summary>
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
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            Enum name => name.ToString().ToLowerInvariant(),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
        return text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
    }
}
