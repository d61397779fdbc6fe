using System.Globalization;
using Kind = LoraCollab.Engine.Gradients.GradientFault;

namespace LoraCollab.Engine.Gradients;

/// <summary>
/// What is wrong with a gradient's way, if anything. In this order: the first NaN or infinity (then nothing else, since it spoils all below it); tensors whose
/// gradient is exactly zero though one comes in, where that began; single ops that shrink or stretch it by <see cref="OpFactor"/>; the stream over all blocks
/// by <see cref="StreamFactor"/>; one kind of parameter between blocks by <see cref="FamilyFactor"/>.
/// </summary>
public static class GradientVerdict
{
    /// <summary>An op's gain beyond this, or below its inverse, is a fault: healthy ones are between a thousandth and a thousand.</summary>
    public const double OpFactor = 1e6;

    /// <summary>The same for the residual stream from the last block to the first.</summary>
    public const double StreamFactor = 1e3;

    /// <summary>The same between the parameters of one kind in different blocks.</summary>
    public const double FamilyFactor = 1e4;

    /// <summary>All findings, faults first; empty where the gradient is healthy.</summary>
    public static IReadOnlyList<GradientFinding> Of(GradientReport report)
    {
        if (report.BadForward is { } bad)
            return [new(Kind.NonFinite, bad.Name, $"the loss is {report.Loss.ToString(CultureInfo.InvariantCulture)}: the first bad tensor is {bad}")];
        if (FirstNonFinite(report) is { } first) return [first];
        GradientFinding[] all = [.. Dead(report), .. DeadRows(report), .. SingleOps(report), .. Stream(report), .. Families(report)];
        return [.. all.OrderByDescending(f => f.IsFault)];
    }

    /// <summary>What is wrong where one op wrote one tensor; null where nothing is, or where it only hands on what came in.</summary>
    internal static GradientFinding? Of(GradientReport report, GradientStep step, GradientWrite write)
    {
        if (!write.After.IsFinite)
            return !double.IsFinite(step.Incoming) ? null
                : new(Kind.NonFinite, write.Tensor,
                    $"the gradient of {TensorNames.Short(write.Tensor)} becomes NaN or infinite by {Place(step)}{Because(step, report)}");
        if (!(step.Incoming > 0)) return null;
        if (write.After.IsZero)
            return report.IsInitial && IsOfZeroB(step, write)
                ? new(Kind.Initial, write.Tensor, "B = 0, as in every new adapter, so that A has no gradient before the first step has moved B")
                : new(Kind.Dead, write.Tensor, $"{Place(step)} makes it zero{Because(step, report)}");
        double factor = step.FactorOf(write);
        return write.Own > 0 && IsBeyond(factor, OpFactor)
            ? new(Towards(factor), write.Tensor, $"{Place(step)} multiplies the gradient by {Number(factor)}") : null;
    }

    /// <summary>The verdict's lines: the findings, or that there are none.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<GradientFinding> findings)
    {
        string[] faults = [.. findings.Where(f => f.IsFault).Select(f => f.ToString())];
        return faults.Length > 0 ? faults : ["healthy" + string.Concat(findings.Select(f => $"; {f}"))];
    }

    private static GradientFinding? FirstNonFinite(GradientReport report)
    {
        foreach (var step in report.Way)
            if (step.Writes.FirstOrDefault(w => !w.After.IsFinite) is { } write)
                return new(Kind.NonFinite, write.Tensor,
                    $"the gradient of {TensorNames.Short(write.Tensor)} has {write.After.NonFinite} elements that are NaN or infinite, "
                    + $"made by {Place(step)}{Because(step, report)}");
        return report.Tensors.FirstOrDefault(t => !t.Gradient.IsFinite) is { } tensor
            ? new(Kind.NonFinite, tensor.Name, $"the gradient of {tensor.ShortName} has {tensor.Gradient.NonFinite} elements that are NaN or infinite") : null;
    }

    /// <summary>Where a gradient comes in and an exact zero goes out; tensors of one op and one reason are one finding.</summary>
    private static IEnumerable<GradientFinding> Dead(GradientReport report)
    {
        var zero = report.Tensors.Where(t => t.Gradient.IsZero).Select(t => t.Name).ToHashSet();
        var dead = from step in report.Way
                   where step.Incoming > 0
                   from write in step.Writes
                   where write.After.IsZero && zero.Contains(write.Tensor)
                   select (step, write, initial: report.IsInitial && IsOfZeroB(step, write));
        foreach (var group in dead.GroupBy(d => (d.step.Op, d.write.Kind, d.initial, Because(d.step, report))))
        {
            var (step, write, initial) = group.First();
            int more = group.Select(d => d.write.Tensor).Distinct().Count() - 1;
            string which = TensorNames.Short(write.Tensor) + (more > 0 ? $" and {more} more" : "");
            yield return initial
                ? new(Kind.Initial, write.Tensor, $"B = 0, as in every new adapter, so that A ({which}) has no gradient before the first step has moved B")
                : new(Kind.Dead, write.Tensor, $"no gradient reaches {which}: {Place(step)} makes it zero{Because(step, report)}");
        }
    }

    /// <summary>
    /// A factor B of which some outputs get no gradient at all. Rows of other tensors may well be without one: tokens or positions that no batch held.
    /// </summary>
    private static IEnumerable<GradientFinding> DeadRows(GradientReport report) =>
        from tensor in report.Tensors
        where LoraLayout.IsB(tensor.Name) && tensor.Gradient.DeadRows > 0 && !tensor.Gradient.IsZero
        select new GradientFinding(Kind.Dead, tensor.Name, $"{tensor.Gradient.DeadRows} of {tensor.Gradient.Rows} rows of {tensor.ShortName} get no gradient");

    private static IEnumerable<GradientFinding> SingleOps(GradientReport report) =>
        from step in report.Way
        from write in step.Writes
        where write.Kind == GradientKind.Activation && write.Own > 0 && step.Incoming > 0 && IsBeyond(step.FactorOf(write), OpFactor)
        select new GradientFinding(Towards(step.FactorOf(write)), write.Tensor, $"{Place(step)} multiplies the gradient by {Number(step.FactorOf(write))}");

    private static IEnumerable<GradientFinding> Stream(GradientReport report)
    {
        var stream = report.Tensors.Where(t => ActivationName.IsStream(t.Name)).ToArray();
        if (stream.Length < 2 || stream[0].Gradient.IsZero || stream[^1].Gradient.IsZero) yield break;
        double factor = stream[^1].Gradient.Norm / stream[0].Gradient.Norm;
        if (!IsBeyond(factor, StreamFactor)) yield break;
        var pairs = stream.Zip(stream.Skip(1), (from, to) => (From: from, To: to, Factor: to.Gradient.Norm / from.Gradient.Norm));
        var worst = factor < 1 ? pairs.MinBy(p => p.Factor) : pairs.MaxBy(p => p.Factor);
        yield return new(Towards(factor), stream[^1].Name,
            $"from {stream[0].Name} to {stream[^1].Name} the stream's gradient is multiplied by {Number(factor)}, "
            + $"most between {worst.From.Name} and {worst.To.Name} ({Number(worst.Factor)})");
    }

    private static IEnumerable<GradientFinding> Families(GradientReport report)
    {
        foreach (var family in report.Tensors.Where(t => t is { Kind: GradientKind.Parameter, Layer: not null, Gradient.IsZero: false }).GroupBy(t => t.Family))
        {
            var (least, most) = (family.MinBy(t => t.Gradient.Norm)!, family.MaxBy(t => t.Gradient.Norm)!);
            double factor = most.Gradient.Norm / least.Gradient.Norm;
            if (!IsBeyond(factor, FamilyFactor)) continue;
            // The backward pass goes from the last block to the first: what is small below vanished, what is large below exploded.
            bool vanished = least.Layer < most.Layer;
            var odd = vanished ? least : most;
            yield return new(vanished ? Kind.Vanishing : Kind.Exploding, odd.Name, $"the gradient of {odd.ShortName} is {Number(odd.Gradient.Norm)}, "
                + $"that of {(vanished ? most : least).ShortName} {Number((vanished ? most : least).Gradient.Norm)}");
        }
    }

    private static bool IsOfZeroB(GradientStep step, GradientWrite write) =>
        step.Op == "lora_backward" && LoraLayout.IsA(write.Tensor) && step.Suspects.Contains("b is zero");

    private static bool IsBeyond(double factor, double most) => factor > most || factor < 1 / most;

    private static Kind Towards(double factor) => factor < 1 ? Kind.Vanishing : Kind.Exploding;

    private static string Because(GradientStep step, GradientReport report)
    {
        if (step.Op == "lora_backward" && report.Scale == 0) return " (the scale α/r is 0)";
        return step.Suspects.Count > 0 ? $" ({string.Join(", ", step.Suspects)})" : "";
    }

    private static string Place(GradientStep step) => $"{step.Op} in {step.Scope}";

    private static string Number(double value) => value.ToString("0.0e+0", CultureInfo.InvariantCulture);
}
