using System.Diagnostics;

namespace LoraCollab.Kernels.Profiling;

/// <summary>One call of an op on a lane's time line.</summary>
/// <param name="Op">Name of the op.</param>
/// <param name="Scope">Where in the model.</param>
/// <param name="Phase">What it worked for.</param>
/// <param name="Start">When it began, in ticks of <see cref="Stopwatch"/>.</param>
/// <param name="Ticks">How long it took.</param>
public readonly record struct OpSpan(string Op, string Scope, OpPhase Phase, long Start, long Ticks);
