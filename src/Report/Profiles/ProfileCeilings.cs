namespace LoraCollab.Report.Profiles;

/// <summary>The ceilings of the whole device, in a stored profile.</summary>
/// <param name="GflopS">The peak in 10⁹ FLOPs a second.</param>
/// <param name="PeakOf">How it was found.</param>
/// <param name="Copies">Copies by size.</param>
/// <param name="Seconds">How long measuring took.</param>
public sealed record ProfileCeilings(double GflopS, string PeakOf, IReadOnlyList<ProfileCeilings.Copy> Copies, double Seconds)
{
    /// <param name="Bytes">Read and written together.</param>
    /// <param name="GbS">10⁹ bytes a second, read and written together.</param>
    public sealed record Copy(long Bytes, double GbS);

    public static ProfileCeilings Of(Ceilings found, double seconds) =>
        new(found.FlopsPerSecond / 1e9, found.PeakOf, [.. found.Copies.Select(c => new Copy(c.Bytes, c.BytesPerSecond / 1e9))], seconds);
}
