namespace LoraCollab.Report.Profiles;

/// <summary>The memory of a profile as text: the groups, the largest buffers, and what becomes of the whole with other sizes.</summary>
public static class MemoryTable
{
    public static void Write(TextWriter output, ProfileMemory memory)
    {
        output.WriteLine();
        output.WriteLine($"{"memory",-24}{"estimated",12}{"at the peak",14}{"share",8}");
        foreach (var group in memory.Groups) Line(output, $"  {group.Name.ToString().ToLowerInvariant()}", group.EstimatedBytes, group.PeakBytes, memory.PeakBytes);
        Line(output, "together", memory.EstimatedBytes(), memory.PeakBytes, memory.PeakBytes);
        output.WriteLine("the largest: " + string.Join(", ", memory.Largest.Select(b => $"{b.Name} {Format.Bytes(b.Bytes)}{(b.Count > 1 ? $" in {b.Count}" : "")}")));
        foreach (var axis in (memory.Against ?? []).GroupBy(p => p.Axis)) Write(output, axis.Key, [.. axis]);
    }

    private static void Line(TextWriter output, string name, long estimated, long held, long all) =>
        output.WriteLine($"{name,-24}{Format.Bytes(estimated),12}{Format.Bytes(held),14}{ProfileText.Percent(held / (double)all),8}");

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
