using System.Text.RegularExpressions;

namespace LoraCollab.Report.Profiles;

/// <summary>What a run held of its device's memory, group by group, beside what was announced.</summary>
/// <param name="Groups">Groups that hold anything.</param>
/// <param name="PeakBytes">The most that was held at a time.</param>
/// <param name="Largest">The largest buffers by name, those of all blocks together.</param>
public sealed partial record ProfileMemory(IReadOnlyList<ProfileMemory.Group> Groups, long PeakBytes, IReadOnlyList<ProfileMemory.Buffer> Largest)
{
    private const int LargestShown = 8;

    /// <param name="Name">What the memory is for.</param>
    /// <param name="EstimatedBytes">Announced before the run.</param>
    /// <param name="PeakBytes">Held when all groups together held most.</param>
    public sealed record Group(MemoryGroup Name, long EstimatedBytes, long PeakBytes);

    /// <param name="Name">What it holds.</param>
    /// <param name="Count">How many of that name there are.</param>
    /// <param name="Bytes">All of them together.</param>
    public sealed record Buffer(string Name, int Count, long Bytes);

    /// <summary>What memory would be, and was, with other sizes; null: not asked for.</summary>
    public IReadOnlyList<MemoryPoint>? Against { get; init; }

    public long EstimatedBytes() => Groups.Sum(g => g.EstimatedBytes);

    /// <summary>As the ledger stands, beside what was announced.</summary>
    public static ProfileMemory Of(MemoryLedger ledger, MemoryEstimate estimate)
    {
        var held = MemoryGroups.AtPeak(ledger);
        var groups = Enum.GetValues<MemoryGroup>().Select(g => new Group(g, estimate[g], held.GetValueOrDefault(g)))
            .Where(g => g.EstimatedBytes > 0 || g.PeakBytes > 0);
        var largest = ledger.Accounts().Where(a => a.Live > 0).GroupBy(a => Block().Replace(a.Name, "h.*."))
            .Select(g => new Buffer(g.Key, g.Sum(a => a.Buffers), g.Sum(a => a.Live))).OrderByDescending(b => b.Bytes).Take(LargestShown);
        return new ProfileMemory([.. groups], ledger.Peak, [.. largest]);
    }

    /// <summary>The weights of all blocks have one name.</summary>
    [GeneratedRegex(@"\bh\.\d+\.")]
    private static partial Regex Block();
}

/// <summary>Memory with one size changed.</summary>
/// <param name="Axis">Which: "batch size", "sequence length" or "clients".</param>
/// <param name="Size">To what.</param>
/// <param name="Estimate">Bytes by group, by the layouts.</param>
/// <param name="HeldBytes">What the backend held after a step; null where none was run.</param>
public sealed record MemoryPoint(string Axis, int Size, IReadOnlyDictionary<MemoryGroup, long> Estimate, long? HeldBytes = null)
{
    public long EstimatedBytes() => Estimate.Values.Sum();
}
