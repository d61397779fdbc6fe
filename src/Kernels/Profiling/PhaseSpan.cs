using System.Diagnostics;

namespace LoraCollab.Kernels.Profiling;

/// <summary>A stretch of one phase on a lane's time line; the ops of the phase lie within it.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Start">When it began, in ticks of <see cref="Stopwatch"/>.</param>
/// <param name="Ticks">How long it took.</param>
public readonly record struct PhaseSpan(OpPhase Phase, long Start, long Ticks);
