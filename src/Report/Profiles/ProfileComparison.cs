using System.Text.RegularExpressions;

namespace LoraCollab.Report.Profiles;

/// <summary>Two profiles side by side, a step each: before and after a change, or host and device. Ops are matched by phase and name.</summary>
public static partial class ProfileComparison
{
    private const string Outside = "outside kernels";

    /// <summary>By phase, within a phase what takes longest in either first; at its end what no op covers.</summary>
    public static IReadOnlyList<OpComparison> Rows(ProfileRecord a, ProfileRecord b)
    {
        var (first, second) = (Times(a), Times(b));
        return [.. first.Keys.Union(second.Keys).Select(key => Of(key, first, second))
            .OrderBy(r => r.Phase).ThenBy(r => r.Op == Outside).ThenByDescending(r => Math.Max(r.A ?? 0, r.B ?? 0)).ThenBy(r => r.Op, StringComparer.Ordinal)];

        OpComparison Of((OpPhase Phase, string Op) key, Dictionary<(OpPhase, string), double> x, Dictionary<(OpPhase, string), double> y)
        {
            double? At(Dictionary<(OpPhase, string), double> times, double divisor) => times.TryGetValue(key, out double found) ? found / divisor : null;
            return new OpComparison(key.Phase, key.Op, At(x, a.Steps), At(y, b.Steps), At(x, a.TotalMs), At(y, b.TotalMs));
        }
    }

    /// <summary>Whether both ran the same command on a model and batches of one size; how many steps does not matter, since times are a step's.</summary>
    public static bool IsSameWork(ProfileRecord a, ProfileRecord b) => Steps().Replace(a.What, "steps") == Steps().Replace(b.What, "steps");

    public static void Write(TextWriter output, ProfileRecord a, ProfileRecord b)
    {
        output.WriteLine($"A: {a.What}; {a.Device}");
        output.WriteLine($"B: {b.What}; {b.Device}");
        if (!IsSameWork(a, b)) output.WriteLine("A and B did different work (command, model or sizes): a ratio says nothing of how fast either is");
        output.WriteLine("times a step, evaluation that of a batch; ratio: B over A");
        output.WriteLine();
        output.WriteLine($"{"",-26}{"A",10}{"B",10}{"ratio",9}{"share A",10}{"share B",10}");
        OpPhase? phase = null;
        foreach (var row in Rows(a, b))
        {
            if (row.Phase != phase) output.WriteLine(row.Phase.ToString().ToLowerInvariant());
            phase = row.Phase;
            Line("  " + row.Op, row.A, row.B, row.ShareA, row.ShareB);
        }
        output.WriteLine();
        Line("all", a.TotalMs / a.Steps, b.TotalMs / b.Steps, 1, 1);
        Line(Outside, a.OutsideShare() * a.TotalMs / a.Steps, b.OutsideShare() * b.TotalMs / b.Steps, a.OutsideShare(), b.OutsideShare());

        void Line(string name, double? x, double? y, double? shareX, double? shareY) => output.WriteLine($"{name,-26}{Time(x),10}{Time(y),10}"
            + $"{(x > 0 && y is not null ? Format.Fixed(y.Value / x.Value) : "-"),9}{Share(shareX),10}{Share(shareY),10}");

        static string Time(double? milliseconds) => milliseconds is { } t ? Format.Milliseconds(t) : "-";
        static string Share(double? share) => share is { } s ? Format.Percent(s) : "-";
    }

    [GeneratedRegex(@"\b\d+ steps")]
    private static partial Regex Steps();

    private static Dictionary<(OpPhase, string), double> Times(ProfileRecord profile) => profile.Ops.Select(o => (o.Phase, o.Op, o.TotalMs))
        .Concat(profile.Phases.Select(p => (p.Phase, Outside, p.OutsideMs)))
        .GroupBy(t => (t.Item1, t.Item2)).ToDictionary(g => g.Key, g => g.Sum(t => t.Item3));
}

/// <summary>One line of a comparison; a time is null where that profile has no such op.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Op">Name of the op, or "outside kernels".</param>
/// <param name="A">Milliseconds a step in the first.</param>
/// <param name="B">Milliseconds a step in the second.</param>
/// <param name="ShareA">Of the first's time, 0 … 1.</param>
/// <param name="ShareB">Of the second's time, 0 … 1.</param>
public sealed record OpComparison(OpPhase Phase, string Op, double? A, double? B, double? ShareA, double? ShareB)
{
    /// <summary>B over A.</summary>
    public double? Ratio => A > 0 ? B / A : null;
}
