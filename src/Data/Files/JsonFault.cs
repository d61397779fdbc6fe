using System.Text.Json;
using System.Text.RegularExpressions;

namespace LoraCollab.Data;

/// <summary>What is wrong with one line of JSON, without the reader's own count of lines: it sees a single one, and calls it 0.</summary>
public static partial class JsonFault
{
    public static string InLine(JsonException fault) => Place().Replace(fault.Message, " (byte ${byte} of the line)");

    [GeneratedRegex(@"\s*(Path: \S+ \| )?LineNumber: \d+ \| BytePositionInLine: (?<byte>\d+)\.")]
    private static partial Regex Place();
}
