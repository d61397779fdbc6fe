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
        var phases = Enum.GetValues<OpPhase>()
            .Select(p => new ProfilePhase(p, profile.OutsideSeconds(p) * 1e3 + ops.Where(o => o.Phase == p).Sum(o => o.TotalMs), profile.OutsideSeconds(p) * 1e3));
        return ([.. phases.Where(p => p.TotalMs > 0)], ops);
    }
}
