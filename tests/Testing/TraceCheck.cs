using System.Text.Json;

namespace LoraCollab.Testing;

/// <summary>
/// Whether a file is a time line as Perfetto reads it, by the Trace Event Format's own rules: every event has its fields, a row's events come in the order of
/// time, and each lies within the one it began in or after its end.
/// </summary>
public static class TraceCheck
{
    /// <summary>The names of the complete events.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which event and how.</exception>
    public static IReadOnlyList<string> Require(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var names = new List<string>();
        var rows = new Dictionary<(int, int), Stack<(string Name, decimal End)>>();
        var last = new Dictionary<(int, int), decimal>();
        foreach (var e in json.RootElement.GetProperty("traceEvents").EnumerateArray())
        {
            var row = (e.GetProperty("pid").GetInt32(), e.GetProperty("tid").GetInt32());
            string name = e.GetProperty("name").GetString() is { Length: > 0 } given
                ? given
                : throw new InvalidDataException($"{file}: an event without a name: {e}");
            string kind = e.GetProperty("ph").GetString()!;
            if (kind == "M")
            {
                if (name is not ("process_name" or "thread_name")) throw new InvalidDataException($"{file}: unknown metadata {name}");
                if (e.GetProperty("args").GetProperty("name").GetString() is not { Length: > 0 })
                    throw new InvalidDataException($"{file}: {name} names nothing");
                if (name == "thread_name") rows[row] = [];
                continue;
            }
            if (kind != "X") throw new InvalidDataException($"{file}: {name}: expected a complete event X, found {kind}");
            if (e.GetProperty("cat").GetString() is not { Length: > 0 }) throw new InvalidDataException($"{file}: {name} has no category");
            if (!rows.TryGetValue(row, out var open)) throw new InvalidDataException($"{file}: {name} is in row {row}, which has no name");
            decimal start = e.GetProperty("ts").GetDecimal(), length = e.GetProperty("dur").GetDecimal();
            if (start < last.GetValueOrDefault(row) || length < 0)
                throw new InvalidDataException($"{file}: {name} at {start}, {length} long, after one at {last[row]}");
            last[row] = start;
            while (open.Count > 0 && open.Peek().End <= start) open.Pop();
            if (open.Count > 0 && start + length > open.Peek().End)
                throw new InvalidDataException($"{file}: {name} ends at {start + length}, {open.Peek().Name} around it at {open.Peek().End}");
            open.Push((name, start + length));
            names.Add(name);
        }
        return names;
    }
}
