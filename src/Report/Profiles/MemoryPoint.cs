namespace LoraCollab.Report.Profiles;

/// <summary>Memory with one size changed.</summary>
/// <param name="Axis">Which: "batch size", "sequence length" or "clients".</param>
/// <param name="Size">To what.</param>
/// <param name="Estimate">Bytes by group, by the layouts.</param>
/// <param name="HeldBytes">What the backend held after a step; null where none was run.</param>
public sealed record MemoryPoint(string Axis, int Size, IReadOnlyDictionary<MemoryGroup, long> Estimate, long? HeldBytes = null)
{
    public long EstimatedBytes() => Estimate.Values.Sum();
}
