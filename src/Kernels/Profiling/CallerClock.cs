using System.Diagnostics;

namespace LoraCollab.Kernels.Profiling;

/// <summary>The clock of a lane whose ops are done when they return.</summary>
internal sealed class CallerClock(int marks) : LaneClock
{
    private readonly long[] _ticks = new long[marks];

    public override void Mark(int number) => _ticks[number] = Stopwatch.GetTimestamp();

    public override void Read(Span<long> ticks) => _ticks.AsSpan(0, ticks.Length).CopyTo(ticks);
}
