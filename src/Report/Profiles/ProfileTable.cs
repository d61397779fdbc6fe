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
        $"ceilings, measured in {Format.Fixed(found.Seconds, 1)} s: {Format.Digits(found.GflopS)} GFLOP/s ({found.PeakOf}); copies in GB/s: "
        + string.Join(", ", found.Copies.Select(c => $"{Format.Digits(c.GbS)} of {Format.Amount(c.Bytes)}B"));

    private static string Name(ProfileRow op) => op.Scope is null ? op.Op : $"{op.Scope} {op.Op}";

    private static string Line(ProfileRow o, int width) =>
        $"  {Name(o)}".PadRight(width)
        + $"{o.Count,7}{Format.Milliseconds(o.TotalMs),8}{Format.Milliseconds(o.MeanMs),8}{Format.Milliseconds(o.MinMs),8}{Format.Milliseconds(o.MaxMs),8}"
        + $"{Format.Percent(o.Share),8}{Format.Amount(o.Flops),7}{Format.Amount(o.Bytes),7}{Format.Digits(o.GflopS),8}{Format.Digits(o.GbS),6}"
        + $"{Format.Digits(o.Intensity),7}{Format.Fixed(o.OfBound * 100, 0),5} % {o.Bound}";

    private static string Summary(string name, int width, double milliseconds, double all) =>
        name.PadRight(width) + $"{Format.Milliseconds(milliseconds),15}{Format.Percent(milliseconds / all),32}";

    private static string Cost(ProfileCost cost) =>
        $"profiling: a step takes {Format.Milliseconds(cost.WithoutMs)} without and {Format.Milliseconds(cost.WithMs)} with it, "
        + $"{Signed(cost.Share)} ({cost.How})";

    private static string Signed(double share) => (share < 0 ? "−" : "+") + Format.Fixed(Math.Abs(share) * 100, 2) + " %";
}

/// <summary>The memory of a profile as text: the groups, the largest buffers, and what becomes of the whole with other sizes.</summary>
public static class MemoryTable
{
    public static void Write(TextWriter output, ProfileMemory memory)
    {
        output.WriteLine();
        output.WriteLine($"{"memory",-24}{"estimated",12}{"at the peak",14}{"share",8}");
        foreach (var group in memory.Groups)
            Line(output, $"  {group.Name.ToString().ToLowerInvariant()}", group.EstimatedBytes, group.PeakBytes, memory.PeakBytes);
        Line(output, "together", memory.EstimatedBytes(), memory.PeakBytes, memory.PeakBytes);
        output.WriteLine("the largest: "
            + string.Join(", ", memory.Largest.Select(b => $"{b.Name} {Format.Bytes(b.Bytes)}{(b.Count > 1 ? $" in {b.Count}" : "")}")));
        foreach (var axis in (memory.Against ?? []).GroupBy(p => p.Axis)) Write(output, axis.Key, [.. axis]);
    }

    private static void Line(TextWriter output, string name, long estimated, long held, long all) =>
        output.WriteLine($"{name,-24}{Format.Bytes(estimated),12}{Format.Bytes(held),14}{Format.Percent(held / (double)all),8}");

    private static void Write(TextWriter output, string axis, MemoryPoint[] points)
    {
        var groups = points.SelectMany(p => p.Estimate.Keys).Distinct().Order().ToArray();
        output.WriteLine();
        output.WriteLine($"{axis,-16}" + string.Concat(groups.Select(g => $"{g.ToString().ToLowerInvariant(),12}")) + $"{"together",12}{"held",12}");
        foreach (var p in points)
            output.WriteLine($"{p.Size,-16}" + string.Concat(groups.Select(g => $"{Format.Bytes(p.Estimate.GetValueOrDefault(g)),12}"))
                + $"{Format.Bytes(p.EstimatedBytes()),12}{(p.HeldBytes is { } held ? Format.Bytes(held) : "-"),12}");
    }
}

/// <summary>The kernels of a profile as text: a line for every op, kernel and launch configuration.</summary>
public static class KernelTable
{
    public static void Write(TextWriter output, IReadOnlyList<ProfileKernel> kernels)
    {
        int op = Math.Max(2, kernels.Max(k => k.Op.Length)), kernel = Math.Max(6, kernels.Max(k => k.Kernel.Length));
        output.WriteLine();
        output.WriteLine("kernels; shared memory of a group, registers and local memory of a thread, groups at once on a multiprocessor; -: not told");
        output.WriteLine($"{"op".PadRight(op)}  {"kernel".PadRight(kernel)}  launches    grid  group  shared  registers  local  at once");
        foreach (var k in kernels)
            output.WriteLine($"{k.Op.PadRight(op)}  {k.Kernel.PadRight(kernel)}  {k.Launches,8}{k.Grid,8}{k.Group,7}{k.SharedBytes,8}"
                + $"{Told(k.Registers),11}{Told(k.LocalBytes),7}{Told(k.GroupsAtOnce),9}");
    }

    private static string Told(long? value) => value is { } found ? $"{found}" : "-";
}
