using System.Diagnostics;
using System.Text.Json;

namespace LoraCollab.Report.Profiles;

/// <summary>
/// What lanes did as a time line for ui.perfetto.dev or chrome://tracing: Trace Event Format, complete events ("ph": "X") in microseconds from the first of
/// them, one row per lane, ops within their phases, sorted by time, the longer of two that begin together first. A row without every call ends with an
/// event that says so.
/// </summary>
public static class TraceFile
{
    private const int Process = 1;

    /// <param name="file">Where to.</param>
    /// <param name="what">What was run: the name of the process.</param>
    /// <param name="rows">Name and trace of every lane.</param>
    public static void Write(string file, string what, IReadOnlyList<(string Name, LaneTrace Trace)> rows) => AtomicFile.Write(file, stream =>
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        Name(json, "process_name", 0, what);
        for (int row = 0; row < rows.Count; row++) Name(json, "thread_name", row + 1, rows[row].Name);
        long origin = rows.SelectMany(r => r.Trace.Phases).Select(p => p.Start).DefaultIfEmpty(0).Min();
        for (int row = 0; row < rows.Count; row++)
            foreach (var e in Events(rows[row].Trace)) Complete(json, e, row + 1, origin);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static IEnumerable<Event> Events(LaneTrace trace)
    {
        var phases = trace.Phases.Select(p => new Event(Word(p.Phase), "phase", null, p.Start, p.Ticks));
        var ops = trace.Ops.Select(o => new Event(o.Op, Word(o.Phase), o.Scope, o.Start, o.Ticks));
        Event[] all = [.. phases.Concat(ops).OrderBy(e => e.Start).ThenByDescending(e => e.Ticks)];
        if (trace.Missing == 0) return all;
        return [.. all, new Event($"cut here: {Format.Count(trace.Missing)} more calls", "cut", null, all.Max(e => e.Start + e.Ticks), 0)];
    }

    private static void Complete(Utf8JsonWriter json, Event e, int row, long origin)
    {
        json.WriteStartObject();
        json.WriteString("name", e.Name);
        json.WriteString("cat", e.Category);
        json.WriteString("ph", "X");
        json.WriteNumber("ts", Microseconds(e.Start - origin));
        json.WriteNumber("dur", Microseconds(e.Start - origin + e.Ticks) - Microseconds(e.Start - origin));
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", row);
        if (e.Scope is { Length: > 0 } scope)
        {
            json.WriteStartObject("args");
            json.WriteString("scope", scope);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Name(Utf8JsonWriter json, string kind, int row, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", kind);
        json.WriteString("ph", "M");
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", row);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>In decimal, so that a difference of two times is exact and events nest after rounding as before it.</summary>
    private static decimal Microseconds(long ticks) => Math.Round(ticks * 1e6m / Stopwatch.Frequency, 3);

    private static string Word(Enum phase) => phase.ToString().ToLowerInvariant();

    private readonly record struct Event(string Name, string Category, string? Scope, long Start, long Ticks);
}
