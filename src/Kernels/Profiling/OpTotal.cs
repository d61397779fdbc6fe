using System.Diagnostics;

namespace LoraCollab.Kernels.Profiling;

/// <summary>All calls of one op in one phase and, where scopes are kept apart, in one place of the model.</summary>
/// <param name="Phase">What the op worked for.</param>
/// <param name="Op">Name of the op.</param>
/// <param name="Scope">Where in the model; empty where places are added up.</param>
/// <param name="Count">Calls.</param>
/// <param name="Ticks">Their time together, in ticks of <see cref="Stopwatch"/>: whole numbers, so that sums do not depend on their order.</param>
/// <param name="Least">The shortest call.</param>
/// <param name="Most">The longest call.</param>
/// <param name="Flops">Floating-point operations of all calls, by the formula beside the op.</param>
/// <param name="Bytes">Bytes of all operands of all calls, each once.</param>
public readonly record struct OpTotal(OpPhase Phase, string Op, string Scope, long Count, long Ticks, long Least, long Most, long Flops, long Bytes)
{
    public double Seconds => (double)Ticks / Stopwatch.Frequency;

    /// <summary>The same op of another lane or place added.</summary>
    public OpTotal Plus(in OpTotal other) => this with
    {
        Count = Count + other.Count,
        Ticks = Ticks + other.Ticks,
        Least = Count == 0 ? other.Least : other.Count == 0 ? Least : Math.Min(Least, other.Least),
        Most = Math.Max(Most, other.Most),
        Flops = Flops + other.Flops,
        Bytes = Bytes + other.Bytes,
    };
}
