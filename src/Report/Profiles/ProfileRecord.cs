namespace LoraCollab.Report.Profiles;

/// <summary>A profile as it is shown and stored: profile.json.</summary>
public sealed record ProfileRecord
{
    /// <summary>What was run: "train: tiny, rank 4 on attn, 4 × 64 tokens".</summary>
    public required string What { get; init; }

    /// <summary>The device for people.</summary>
    public required string Device { get; init; }

    /// <summary>Lanes whose times are added up.</summary>
    public required int Lanes { get; init; }

    /// <summary>Training steps; of every client where there are several.</summary>
    public required int Steps { get; init; }

    /// <summary>All lanes' time together: what the ops and the time outside them add up to.</summary>
    public required double TotalMs { get; init; }

    public required ProfileCeilings Ceilings { get; init; }

    public required ProfileCost Cost { get; init; }

    public required IReadOnlyList<ProfilePhase> Phases { get; init; }

    /// <summary>By phase, within a phase in the order of the model where places are told apart, the longest first.</summary>
    public required IReadOnlyList<ProfileRow> Ops { get; init; }

    /// <summary>The kernels that the ops started; null where ops are no kernels.</summary>
    public IReadOnlyList<ProfileKernel>? Kernels { get; init; }

    /// <summary>What was held of the device's memory; null where it was not asked for.</summary>
    public ProfileMemory? Memory { get; init; }

    /// <summary>Share of the whole time that no op covers.</summary>
    public double OutsideShare() => Phases.Sum(p => p.OutsideMs) / TotalMs;

    /// <summary>The phases of a profile that took any time, and its ops.</summary>
    public static (IReadOnlyList<ProfilePhase> Phases, IReadOnlyList<ProfileRow> Ops) Rows(OpProfile profile, Ceilings ceilings)
    {
        double seconds = profile.Seconds;
        var lane = ceilings.PerLane(profile.Lanes);
        var ordered = profile.Ops.OrderBy(o => o.Phase).ThenBy(o => ModelPlace.Of(o.Scope)).ThenByDescending(o => o.Ticks);
        ProfileRow[] ops = [.. ordered.Select(o => ProfileRow.Of(o, seconds, lane))];
        var phases = Enum.GetValues<OpPhase>().Select(p => (Phase: p, Outside: profile.OutsideSeconds(p) * 1e3))
            .Select(p => new ProfilePhase(p.Phase, p.Outside + ops.Where(o => o.Phase == p.Phase).Sum(o => o.TotalMs), p.Outside));
        return ([.. phases.Where(p => p.TotalMs > 0)], ops);
    }
}

/// <summary>One phase of a stored profile.</summary>
/// <param name="Phase">Which.</param>
/// <param name="TotalMs">Its time, all lanes together.</param>
/// <param name="OutsideMs">The part that no op covers.</param>
public sealed record ProfilePhase(OpPhase Phase, double TotalMs, double OutsideMs);

/// <summary>What profiling itself took.</summary>
/// <param name="WithoutMs">A step without it, the median.</param>
/// <param name="WithMs">A step with it, the median.</param>
/// <param name="Share">The difference over the first.</param>
/// <param name="How">How it was found.</param>
public sealed record ProfileCost(double WithoutMs, double WithMs, double Share, string How);

/// <summary>The ceilings of the whole device, in a stored profile.</summary>
/// <param name="GflopS">The peak in 10⁹ FLOPs per second.</param>
/// <param name="PeakOf">How it was found.</param>
/// <param name="Copies">Copies by size.</param>
/// <param name="Seconds">How long measuring took.</param>
public sealed record ProfileCeilings(double GflopS, string PeakOf, IReadOnlyList<ProfileCeilings.Copy> Copies, double Seconds)
{
    /// <param name="Bytes">Read and written together.</param>
    /// <param name="GbS">10⁹ bytes per second, read and written together.</param>
    public sealed record Copy(long Bytes, double GbS);

    public static ProfileCeilings Of(Ceilings found, double seconds) =>
        new(found.FlopsPerSecond / 1e9, found.PeakOf, [.. found.Copies.Select(c => new Copy(c.Bytes, c.BytesPerSecond / 1e9))], seconds);
}
