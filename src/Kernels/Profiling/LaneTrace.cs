namespace LoraCollab.Kernels.Profiling;

/// <summary>What one lane did, call by call, in the order of time.</summary>
/// <param name="Ops">Ops; none overlaps another.</param>
/// <param name="Phases">Phases around them.</param>
/// <param name="Missing">Calls that came when there was no more room.</param>
public sealed record LaneTrace(IReadOnlyList<OpSpan> Ops, IReadOnlyList<PhaseSpan> Phases, long Missing);
