using System.Diagnostics;

namespace LoraCollab.Kernels.Profiling;

/// <summary>The time of a lane. Marks are set while ops are issued and read when the lane has done them, so that a device may take its own times.</summary>
internal abstract class LaneClock : IDisposable
{
    /// <summary>Remembers now, as seen by the lane's queue, under a number.</summary>
    public abstract void Mark(int number);

    /// <summary>The times of marks 0 … length − 1 in ticks of <see cref="Stopwatch"/>, from an arbitrary start that stays the same; waits for the last of them.</summary>
    public abstract void Read(Span<long> ticks);

    public virtual void Dispose() { }
}
