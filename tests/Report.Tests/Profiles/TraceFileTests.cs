using System.Diagnostics;
using System.Text.Json;

namespace LoraCollab.Report.Tests.Profiles;

public sealed class TraceFileTests
{
    [Fact]
    public void Trace_OfTwoLanes_HasARowEachWithOpsInTheirPhases()
    {
        long us = Stopwatch.Frequency / 1_000_000;
        LaneTrace first = new([new("copy", "h.0", OpPhase.Forward, 100 * us, 5 * us), new("fill", "", OpPhase.Backward, 110 * us, 10 * us)],
            [new(OpPhase.Forward, 100 * us, 10 * us), new(OpPhase.Backward, 110 * us, 12 * us)], 0);
        LaneTrace second = new([new("copy", "h.1", OpPhase.Forward, 103 * us, 2 * us)], [new(OpPhase.Forward, 102 * us, 4 * us)], 0);
        using var folder = new TemporaryFolder();
        TraceFile.Write(folder.At("trace.json"), "made up", [("lane 0", first), ("lane 1", second)]);
        TraceCheck.Require(folder.At("trace.json"));
        var events = JsonDocument.Parse(File.ReadAllText(folder.At("trace.json"))).RootElement.GetProperty("traceEvents").EnumerateArray().ToArray();
        Assert.Equal(["process_name: made up", "thread_name: lane 0", "thread_name: lane 1"],
            events.Where(e => Text(e, "ph") == "M").Select(e => $"{Text(e, "name")}: {Text(e.GetProperty("args"), "name")}"));
        Assert.Equal(
            [
                ("forward", "phase", 1, 0.0, 10.0), ("copy", "forward", 1, 0, 5), ("backward", "phase", 1, 10, 12), ("fill", "backward", 1, 10, 10),
                ("forward", "phase", 2, 2, 4), ("copy", "forward", 2, 3, 2),
            ],
            events.Where(e => Text(e, "ph") == "X").Select(e =>
                (Text(e, "name"), Text(e, "cat"), e.GetProperty("tid").GetInt32(), e.GetProperty("ts").GetDouble(), e.GetProperty("dur").GetDouble())));
    }

    [Fact]
    public void Trace_OfARealLane_IsValid()
    {
        using var lane = Backends.Create(BackendKind.Host, 1);
        var (y, x) = (lane.Allocate("y", 100), lane.Allocate("x", 100));
        using var profiler = new OpProfiler(lane, trace: true);
        for (int step = 0; step < 3; step++)
        {
            profiler.Start();
            foreach (var phase in new[] { OpPhase.Forward, OpPhase.Backward })
            {
                lane.Phase = phase;
                for (int i = 0; i < 50; i++) lane.Copy(y, x);
            }
            profiler.Stop();
        }
        using var folder = new TemporaryFolder();
        TraceFile.Write(folder.At("trace.json"), "copies", [("lane 0", profiler.Trace())]);
        Assert.Equal(300, TraceCheck.Require(folder.At("trace.json")).Count(name => name == "copy"));
    }

    /// <summary>A trace that ends early looks like a run that ended early.</summary>
    [Fact]
    public void Trace_ThatIsCut_SaysSoWhereItEndsAndInWords()
    {
        LaneTrace trace = new([new("copy", "", OpPhase.Forward, 100, 5), new("fill", "", OpPhase.Forward, 110, 10)], [], 1234);
        using var folder = new TemporaryFolder();
        TraceFile.Write(folder.At("trace.json"), "made up", [("lane 0", trace)]);
        Assert.Equal(["copy", "fill", "cut here: 1,234 more calls"], TraceCheck.Require(folder.At("trace.json")));
        var whole = trace with { Missing = 0 };
        Assert.Equal("trace.json holds the first 4 of 1,238 calls; fewer steps give a whole one", ProfileFolder.CutTrace([trace, whole]));
        Assert.Null(ProfileFolder.CutTrace([whole]));
    }

    private static string Text(JsonElement e, string key) => e.GetProperty(key).GetString()!;
}
