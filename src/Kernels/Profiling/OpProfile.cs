using System.Diagnostics;

namespace LoraCollab.Kernels.Profiling;

/// <summary>
/// Where the time of one lane or of several went. Every moment belongs to one op or to the time outside ops of one phase, so that all of them add up to
/// <see cref="Seconds"/>; with several lanes to the sum of their times, idle time included.
/// </summary>
/// <param name="Lanes">How many lanes were added up.</param>
/// <param name="Ops">In the order of phases, within a phase in the order in which they were first called.</param>
/// <param name="Outside">[phases]: ticks of <see cref="Stopwatch"/> that no op covers.</param>
public sealed record OpProfile(int Lanes, IReadOnlyList<OpTotal> Ops, IReadOnlyList<long> Outside)
{
    /// <summary>All lanes' time together.</summary>
    public double Seconds => ((double)Ops.Sum(o => o.Ticks) + Outside.Sum()) / Stopwatch.Frequency;

    /// <summary>Time of a phase that no op covers.</summary>
    public double OutsideSeconds(OpPhase phase) => (double)Outside[(int)phase] / Stopwatch.Frequency;

    /// <summary>Lanes added up, in the order in which they are given.</summary>
    public static OpProfile Merge(IReadOnlyList<OpProfile> lanes) => new(lanes.Sum(l => l.Lanes), Sum(lanes.SelectMany(l => l.Ops)),
        [.. Enum.GetValues<OpPhase>().Select(p => lanes.Sum(l => l.Outside[(int)p]))]);

    /// <summary>The same ops of all places in the model added up.</summary>
    public OpProfile WithoutScopes() => this with { Ops = Sum(Ops.Select(o => o with { Scope = "" })) };

    private static OpTotal[] Sum(IEnumerable<OpTotal> ops)
    {
        var sums = new Dictionary<(OpPhase, string, string), OpTotal>();
        var order = new List<(OpPhase Phase, string, string)>();
        foreach (var op in ops)
        {
            var key = (op.Phase, op.Op, op.Scope);
            if (sums.TryGetValue(key, out var sum)) sums[key] = sum.Plus(op);
            else
            {
                sums[key] = op;
                order.Add(key);
            }
        }
        return [.. order.OrderBy(key => key.Phase).Select(key => sums[key])];
    }
}

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
