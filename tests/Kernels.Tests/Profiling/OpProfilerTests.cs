using System.Diagnostics;

namespace LoraCollab.Kernels.Tests.Profiling;

public sealed class OpProfilerTests
{
    [Fact]
    public void Profile_OfFourOps_CountsThemByPhaseAndScopeWithTheirWork()
    {
        using var lane = new ReferenceBackend();
        var (y, x) = (lane.Allocate("y", 10), lane.Allocate("x", 10));
        using var profiler = new OpProfiler(lane);
        lane.Copy(y, x); // before the start: not counted
        lane.Phase = OpPhase.Forward;
        lane.Scope = "h.0";
        profiler.Start();
        lane.AddScaled(y, x, 1);
        lane.AddScaled(y, x, 1);
        lane.Scope = "h.1";
        lane.AddScaled(y, x, 1);
        lane.Phase = OpPhase.Backward;
        lane.AddScaled(y, x, 1);
        profiler.Stop();
        lane.Copy(y, x);
        var profile = profiler.Profile();
        Assert.Equal(
            [
                (OpPhase.Forward, "add_scaled", "h.0", 2L, 40L, 240L),
                (OpPhase.Forward, "add_scaled", "h.1", 1, 20, 120),
                (OpPhase.Backward, "add_scaled", "h.1", 1, 20, 120),
            ],
            profile.Ops.Select(o => (o.Phase, o.Op, o.Scope, o.Count, o.Flops, o.Bytes)));
        var whole = profile.WithoutScopes().Ops;
        Assert.Equal([(OpPhase.Forward, "", 3L, 60L), (OpPhase.Backward, "", 1, 20)], whole.Select(o => (o.Phase, o.Scope, o.Count, o.Flops)));
        Assert.All(profile.Ops, o => Assert.True(o.Least <= o.Most && o.Least * o.Count <= o.Ticks && o.Ticks <= o.Most * o.Count));
    }

    [Fact]
    public void Profile_OfALane_AddsUpToTheTimeBetweenStartAndStop()
    {
        using var lane = new ReferenceBackend();
        var (y, x) = (lane.Allocate("y", 1000), lane.Allocate("x", 1000));
        using var profiler = new OpProfiler(lane);
        long began = Stopwatch.GetTimestamp();
        profiler.Start();
        long inside = Stopwatch.GetTimestamp();
        for (int i = 0; i < 20_000; i++) lane.Copy(y, x); // more than the log holds
        lane.Phase = OpPhase.Data;
        Thread.Sleep(30);
        double least = Stopwatch.GetElapsedTime(inside).TotalSeconds;
        profiler.Stop();
        double most = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var profile = profiler.Profile();
        Assert.InRange(profile.Seconds, 0.8 * least, most); // while the log is added up the clock stands still
        Assert.InRange(profile.OutsideSeconds(OpPhase.Data), 0.03, most);
        Assert.Equal(20_000, Assert.Single(profile.Ops).Count);
        Assert.Equal(profile.Seconds, profile.Ops.Sum(o => o.Seconds) + Enum.GetValues<OpPhase>().Sum(profile.OutsideSeconds), 1e-9);
    }

    [Fact]
    public void Trace_OfALane_HoldsItsCallsWithinTheirPhases()
    {
        using var lane = new ReferenceBackend { Phase = OpPhase.Forward };
        var (y, x) = (lane.Allocate("y", 10), lane.Allocate("x", 10));
        using var profiler = new OpProfiler(lane, trace: true);
        profiler.Start();
        lane.Copy(y, x);
        lane.Phase = OpPhase.Backward;
        lane.Fill(y, 0);
        lane.Copy(y, x);
        profiler.Stop();
        var trace = profiler.Trace();
        Assert.Equal(["copy", "fill", "copy"], trace.Ops.Select(o => o.Op));
        Assert.Equal([OpPhase.Forward, OpPhase.Backward], trace.Phases.Select(p => p.Phase));
        Assert.Equal(0, trace.Missing);
        foreach (var op in trace.Ops)
            Assert.Contains(trace.Phases, p => p.Phase == op.Phase && p.Start <= op.Start && op.Start + op.Ticks <= p.Start + p.Ticks);
        Assert.Equal(profiler.Profile().Ops.Sum(o => o.Ticks), trace.Ops.Sum(o => o.Ticks));
    }

    [Fact]
    public void Trace_OfMoreCallsThanItHolds_CountsTheRest()
    {
        using var lane = new ReferenceBackend { Phase = OpPhase.Forward };
        var (y, x) = (lane.Allocate("y", 1), lane.Allocate("x", 1));
        using var profiler = new OpProfiler(lane, trace: true);
        profiler.Start();
        for (int i = 0; i < (1 << 18) + 5; i++) lane.Copy(y, x);
        profiler.Stop();
        var trace = profiler.Trace();
        Assert.Equal((1 << 18, 5L), (trace.Ops.Count, trace.Missing));
    }

    [Fact]
    public void Profiler_OfOpsItKnows_AllocatesNothing()
    {
        using var lane = new ReferenceBackend();
        var (y, x) = (lane.Allocate("y", 10), lane.Allocate("x", 10));
        using var profiler = new OpProfiler(lane);
        profiler.Start();
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        profiler.Stop();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (int i = 0; i < 20_000; i++)
            {
                lane.Phase = i % 2 == 0 ? OpPhase.Forward : OpPhase.Backward;
                lane.Copy(y, x);
            }
        }
    }

    [Fact]
    public void Profile_OnADevice_TakesTheDevicesTimes()
    {
        using var lane = Backends.Create(BackendKind.Simulator, 1, profiling: true);
        var (y, x) = (lane.Allocate("y", 20_000), lane.Allocate("x", 20_000));
        lane.Copy(y, x); // compiled now
        using var profiler = new OpProfiler(lane);
        long began = Stopwatch.GetTimestamp();
        profiler.Start();
        long inside = Stopwatch.GetTimestamp();
        for (int i = 0; i < 20; i++) lane.Copy(y, x);
        lane.Phase = OpPhase.Data;
        Thread.Sleep(20);
        double least = Stopwatch.GetElapsedTime(inside).TotalSeconds;
        profiler.Stop();
        double most = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var profile = profiler.Profile();
        var copies = Assert.Single(profile.Ops);
        Assert.Equal(20, copies.Count);
        Assert.InRange(profile.Seconds, 0.9 * least, 1.1 * most);
        Assert.InRange(profile.OutsideSeconds(OpPhase.Data), 0.018, most);
        Assert.InRange(copies.Seconds, 1e-5, most);
    }

    [Fact]
    public void Profiler_OfADeviceOpenedWithoutProfiling_SaysHowToOpenIt()
    {
        using var lane = Backends.Create(BackendKind.Simulator, 1);
        Assert.Contains("profiling: true", Assert.Throws<InvalidOperationException>(() => new OpProfiler(lane)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Profiler_Stopped_GivesTheLaneItsObserverBack()
    {
        using var lane = new ReferenceBackend();
        using OpProfiler outer = new(lane), inner = new(lane);
        outer.Start();
        inner.Start();
        inner.Stop();
        Assert.Same(outer, lane.Observer);
        outer.Stop();
        Assert.Null(lane.Observer);
    }

    [Fact]
    public void Merge_OfTwoLanes_IsTheirSumWhicheverComesFirst()
    {
        OpProfile a = new(1, [new(OpPhase.Forward, "matmul", "h.0", 2, 30, 10, 20, 100, 40)], [1, 2, 3, 4, 5, 6, 7, 8]);
        OpProfile b = new(1,
            [new(OpPhase.Trust, "copy", "", 1, 5, 5, 5, 0, 8), new(OpPhase.Forward, "matmul", "h.0", 1, 7, 7, 7, 50, 20)],
            [1, 1, 1, 1, 1, 1, 1, 1]);
        OpTotal[] expected = [new(OpPhase.Forward, "matmul", "h.0", 3, 37, 7, 20, 150, 60), new(OpPhase.Trust, "copy", "", 1, 5, 5, 5, 0, 8)];
        foreach (var merged in new[] { OpProfile.Merge([a, b]), OpProfile.Merge([b, a]) })
        {
            Assert.Equal(2, merged.Lanes);
            Assert.Equal(expected, merged.Ops);
            Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], merged.Outside);
        }
    }

    [Fact]
    public void Table_OfMoreRowsThanItBeganWith_FindsEachAgain()
    {
        var table = new OpTable();
        string[] scopes = [.. Enumerable.Range(0, 3000).Select(i => $"h.{i}")];
        for (int round = 0; round < 2; round++)
            for (int i = 0; i < scopes.Length; i++) Assert.Equal(i, table.RowOf("copy", scopes[i], OpPhase.Trust));
        Assert.Equal(3000, table.Count);
    }

    [Fact]
    public void Phase_WithinTrust_StaysTrustUntilItIsSet()
    {
        using var lane = new ReferenceBackend { Phase = OpPhase.Trust };
        lane.Enter(OpPhase.Forward);
        Assert.Equal(OpPhase.Trust, lane.Phase);
        lane.Phase = OpPhase.Other;
        lane.Enter(OpPhase.Forward);
        Assert.Equal(OpPhase.Forward, lane.Phase);
    }
}
