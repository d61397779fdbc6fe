using System.Diagnostics;
using System.Globalization;

namespace LoraCollab.Report.Profiles;

/// <summary>One op of a phase in a stored profile: times of all lanes added up.</summary>
/// <param name="Phase">What it worked for.</param>
/// <param name="Op">Name of the op.</param>
/// <param name="Count">Calls.</param>
/// <param name="TotalMs">Time of all calls.</param>
/// <param name="MeanMs">Of a call.</param>
/// <param name="MinMs">The shortest call.</param>
/// <param name="MaxMs">The longest call.</param>
/// <param name="Share">Of the whole time, 0 … 1.</param>
/// <param name="Flops">Of all calls.</param>
/// <param name="Bytes">Of all calls.</param>
/// <param name="GflopS">10⁹ FLOPs per second.</param>
/// <param name="GbS">10⁹ bytes per second.</param>
/// <param name="Intensity">FLOPs per byte.</param>
/// <param name="OfBound">
/// The least time that the ceilings allow over the time it took, 0 … 1; above 1 where operands came from a nearer cache than the ceiling's.
/// </param>
/// <param name="Bound">Which ceiling that is: "peak" or "copy".</param>
public sealed record ProfileRow(
    OpPhase Phase, string Op, long Count, double TotalMs, double MeanMs, double MinMs, double MaxMs, double Share, long Flops, long Bytes,
    double GflopS, double GbS, double Intensity, double OfBound, string Bound)
{
    /// <summary>Where in the model; null where places are added up.</summary>
    public string? Scope { get; init; }

    /// <param name="op">The op.</param>
    /// <param name="seconds">The whole time of all lanes.</param>
    /// <param name="ceilings">Of a lane.</param>
    public static ProfileRow Of(OpTotal op, double seconds, Ceilings ceilings)
    {
        double flops = (double)op.Flops / op.Count, bytes = (double)op.Bytes / op.Count, own = Math.Max(op.Seconds, 1.0 / Stopwatch.Frequency);
        return new ProfileRow(op.Phase, op.Op, op.Count, op.Seconds * 1e3, op.Seconds * 1e3 / op.Count,
            op.Least * 1e3 / Stopwatch.Frequency, op.Most * 1e3 / Stopwatch.Frequency, op.Seconds / seconds, op.Flops, op.Bytes,
            op.Flops / own / 1e9, op.Bytes / own / 1e9, op.Bytes == 0 ? 0 : (double)op.Flops / op.Bytes,
            op.Count * ceilings.LeastTime(flops, bytes) / own, flops / ceilings.FlopsPerSecond >= bytes / ceilings.BytesPerSecond(bytes) ? "peak" : "copy")
        {
            Scope = op.Scope.Length == 0 ? null : op.Scope,
        };
    }
}

/// <summary>A place in the model, "h.3.attn.c_attn", in the order in which a forward pass comes to it; what is no place of the model comes last.</summary>
internal readonly record struct ModelPlace(int Part, int Block, int Within) : IComparable<ModelPlace>
{
    private static readonly string[] s_parts = ["embed", "h", "ln_f", "lm_head"],
        s_within = ["ln_1", "attn.c_attn", "attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp", "mlp.c_proj"];

    public static ModelPlace Of(string? scope)
    {
        if (BlockOf(scope) is not { } block) return new ModelPlace(Rank(s_parts, scope ?? ""), 0, 0);
        int number = int.Parse(block.AsSpan(2), CultureInfo.InvariantCulture);
        return new ModelPlace(Rank(s_parts, "h"), number, Rank(s_within, scope![(block.Length + 1)..]));
    }

    /// <summary>"h.3"; null outside the blocks.</summary>
    public static string? BlockOf(string? scope) =>
        scope?.Split('.', 3) is ["h", var number, _] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? $"h.{number}" : null;

    public int CompareTo(ModelPlace other) => (Part, Block, Within).CompareTo((other.Part, other.Block, other.Within));

    private static int Rank(string[] names, string name) => Array.IndexOf(names, name) is >= 0 and var found ? found : names.Length;
}
