using System.Diagnostics;

namespace LoraCollab.Kernels.Ops;

/// <summary>The time of a lane. Marks are set while ops are issued and read when the lane has done them, so that a device may take its own times.</summary>
internal abstract class LaneClock : IDisposable
{
    /// <summary>Remembers now, as seen by the lane's queue, under a number.</summary>
    public abstract void Mark(int number);

    /// <summary>
    /// The times of marks 0 … length − 1 in ticks of <see cref="Stopwatch"/>, from an arbitrary start that stays the same; waits for the last of them.
    /// </summary>
    public abstract void Read(Span<long> ticks);

    public virtual void Dispose() { }
}

/// <summary>The clock of a lane whose ops are done when they return.</summary>
internal sealed class CallerClock(int marks) : LaneClock
{
    private readonly long[] _ticks = new long[marks];

    public override void Mark(int number) => _ticks[number] = Stopwatch.GetTimestamp();

    public override void Read(Span<long> ticks) => _ticks.AsSpan(0, ticks.Length).CopyTo(ticks);
}
