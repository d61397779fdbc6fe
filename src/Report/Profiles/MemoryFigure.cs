namespace LoraCollab.Report.Profiles;

/// <summary>Memory against every size that was changed: what it is for, by the estimate, and what was held. Both axes are logarithmic.</summary>
public static class MemoryFigure
{
    private const double LeastShown = 1e3;

    /// <summary>The lines from below, with the groups that each adds up: adapters and their optimiser grow as one.</summary>
    private static readonly (string Name, MemoryGroup[] Groups)[] s_lines =
    [
        ("base", [MemoryGroup.Base]),
        ("adapters and optimiser", [MemoryGroup.Adapters, MemoryGroup.Optimiser]),
        ("activations", [MemoryGroup.Activations]),
        ("scratch", [MemoryGroup.Scratch]),
        ("workspace", [MemoryGroup.Workspace]),
    ];

    /// <summary>The seventh colour, black; and the same with another marker.</summary>
    private const int Together = 6, Held = 13;

    /// <summary>Writes <paramref name="path"/>.png and .svg.</summary>
    public static void Save(string path, string title, IReadOnlyList<MemoryPoint> points)
    {
        var axes = points.GroupBy(p => p.Axis).Select(axis => (Name: axis.Key, Series: Lines([.. axis]), Sizes: axis.Select(p => p.Size).ToArray())).ToArray();
        double[] all = [.. axes.SelectMany(a => a.Series).SelectMany(s => s.Points).Select(p => p.Y)];
        var range = (all.Min() - 0.1, all.Max() + 0.1);
        (double, string)[] ticks = [.. RoundNumbers.Decades(range.Item1, range.Item2, 1).Select(t => (t.At, Format.Bytes(Math.Pow(10, t.Decade))))];
        ChartPicture.Save(path, title, [.. axes.Select(a => new Chart("", a.Name, "", a.Series)
        {
            XTicks = [.. a.Sizes.Select(size => (Math.Log2(size), $"{size}"))],
            YTicks = ticks,
            YRange = range,
        })], columns: 3, size: (430, 380));
    }

    private static List<Series> Lines(MemoryPoint[] points)
    {
        List<Series> lines = [.. s_lines.Select((line, style) =>
            Line(line.Name, style, points.Select(p => (p.Size, (double)line.Groups.Sum(g => p.Estimate.GetValueOrDefault(g))))))];
        lines.Add(Line("together, by the estimate", Together, points.Select(p => (p.Size, (double)p.EstimatedBytes()))));
        var held = points.Where(p => p.HeldBytes is not null).Select(p => (p.Size, (double)p.HeldBytes!.Value)).ToArray();
        if (held.Length > 0) lines.Add(Line("held after a step", Held, held) with { Joined = false, MarkerSize = 10 });
        return lines;
    }

    private static Series Line(string name, int style, IEnumerable<(int Size, double Bytes)> points) =>
        new(name, style, [.. points.Where(p => p.Bytes >= LeastShown).Select(p => (Math.Log2(p.Size), Math.Log10(p.Bytes)))]) { MarkerSize = 4 };
}
