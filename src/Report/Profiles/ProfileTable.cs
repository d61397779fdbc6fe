namespace LoraCollab.Report.Profiles;

/// <summary>
/// A profile as text: phase by phase its ops, the longest first, or place by place, and what no op covers. The column `total` adds up to the whole time.
/// </summary>
public static class ProfileTable
{
    private const int NameWidth = 24;

    public static void Write(TextWriter output, ProfileRecord profile)
    {
        output.WriteLine($"{profile.What}; {profile.Device}");
        output.WriteLine(Ceilings(profile.Ceilings));
        output.WriteLine();
        int width = Math.Max(NameWidth, 3 + profile.Ops.Max(o => Name(o).Length));
        output.WriteLine("".PadRight(width)
            + "  count   total    mean     min     max   share   FLOP  bytes GFLOP/s  GB/s FLOP/B   of bound");
        foreach (var phase in profile.Phases)
        {
            output.WriteLine(Summary(phase.Phase.ToString().ToLowerInvariant(), width, phase.TotalMs, profile.TotalMs));
            Ops(output, [.. profile.Ops.Where(o => o.Phase == phase.Phase)], width, profile.TotalMs);
            output.WriteLine(Summary("  outside kernels", width, phase.OutsideMs, profile.TotalMs));
        }
        output.WriteLine();
        double outside = profile.Phases.Sum(p => p.OutsideMs);
        output.WriteLine(Summary("all ops", width, profile.Ops.Sum(o => o.TotalMs), profile.TotalMs));
        output.WriteLine(Summary("outside kernels", width, outside, profile.TotalMs));
        output.WriteLine(Summary(profile.Lanes == 1 ? "wall time" : $"{profile.Lanes} × wall time", width, profile.TotalMs, profile.TotalMs));
        output.WriteLine();
        output.WriteLine(Cost(profile.Cost));
    }

    /// <summary>The ops of a phase; before those of a block, what they add up to.</summary>
    private static void Ops(TextWriter output, ProfileRow[] ops, int width, double all)
    {
        string? block = null;
        foreach (var op in ops)
        {
            string? own = ModelPlace.BlockOf(op.Scope);
            if (own is not null && own != block)
                output.WriteLine(Summary($"  {own}, all of it", width, ops.Where(o => ModelPlace.BlockOf(o.Scope) == own).Sum(o => o.TotalMs), all));
            block = own;
            output.WriteLine(Line(op, width));
        }
    }

    private static string Ceilings(ProfileCeilings found) =>
        $"ceilings, measured in {Format.Fixed(found.Seconds, 1)} s: {ProfileText.Digits(found.GflopS)} GFLOP/s ({found.PeakOf}); copies in GB/s: "
        + string.Join(", ", found.Copies.Select(c => $"{ProfileText.Digits(c.GbS)} of {ProfileText.Amount(c.Bytes)}B"));

    private static string Name(ProfileRow op) => op.Scope is null ? op.Op : $"{op.Scope} {op.Op}";

    private static string Line(ProfileRow o, int width) =>
        $"  {Name(o)}".PadRight(width) + $"{o.Count,7}{ProfileText.Time(o.TotalMs),8}{ProfileText.Time(o.MeanMs),8}{ProfileText.Time(o.MinMs),8}{ProfileText.Time(o.MaxMs),8}"
        + $"{ProfileText.Percent(o.Share),8}{ProfileText.Amount(o.Flops),7}{ProfileText.Amount(o.Bytes),7}{ProfileText.Digits(o.GflopS),8}{ProfileText.Digits(o.GbS),6}"
        + $"{ProfileText.Digits(o.Intensity),7}{Format.Fixed(o.OfBound * 100, 0),5} % {o.Bound}";

    private static string Summary(string name, int width, double milliseconds, double all) =>
        name.PadRight(width) + $"{ProfileText.Time(milliseconds),15}{ProfileText.Percent(milliseconds / all),32}";

    private static string Cost(ProfileCost cost) =>
        $"profiling: a step takes {ProfileText.Time(cost.WithoutMs)} without and {ProfileText.Time(cost.WithMs)} with it, {Signed(cost.Share)} ({cost.How})";

    private static string Signed(double share) => (share < 0 ? "−" : "+") + Format.Fixed(Math.Abs(share) * 100, 2) + " %";
}
