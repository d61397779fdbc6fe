using System.Diagnostics;

namespace LoraCollab.Kernels.Profiling;

/// <summary>What one lane did, call by call, in the order of time.</summary>
/// <param name="Ops">Ops; none overlaps another.</param>
/// <param name="Phases">Phases around them.</param>
/// <param name="Missing">Calls that came when there was no more room.</param>
public sealed record LaneTrace(IReadOnlyList<OpSpan> Ops, IReadOnlyList<PhaseSpan> Phases, long Missing);

/// <summary>One call of an op on a lane's time line.</summary>
/// <param name="Op">Name of the op.</param>
/// <param name="Scope">Where in the model.</param>
/// <param name="Phase">What it worked for.</param>
/// <param name="Start">When it began, in ticks of <see cref="Stopwatch"/>.</param>
/// <param name="Ticks">How long it took.</param>
public readonly record struct OpSpan(string Op, string Scope, OpPhase Phase, long Start, long Ticks);

/// <summary>A stretch of one phase on a lane's time line; the ops of the phase lie within it.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Start">When it began, in ticks of <see cref="Stopwatch"/>.</param>
/// <param name="Ticks">How long it took.</param>
public readonly record struct PhaseSpan(OpPhase Phase, long Start, long Ticks);
