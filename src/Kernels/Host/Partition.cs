namespace LoraCollab.Kernels.Host;

/// <summary>Static partition of n elements over parts, in whole grains: as even as it goes, the same for the same numbers.</summary>
internal static class Partition
{
    public static (nint From, nint To) Of(nint n, nint grain, int part, int parts)
    {
        nint grains = (n + grain - 1) / grain;
        nint from = grains * part / parts * grain, to = grains * (part + 1) / parts * grain;
        return (from, Math.Min(to, n));
    }
}
