using System.Diagnostics;

namespace LoraCollab.Cli.Profiling;

/// <summary>What was measured before it is laid out.</summary>
/// <param name="What">What was run.</param>
/// <param name="Device">On what.</param>
/// <param name="Steps">Training steps.</param>
/// <param name="Lanes">A profile a lane.</param>
/// <param name="Traces">A trace a lane.</param>
/// <param name="Cost">What profiling took.</param>
internal sealed record ProfileResult(string What, string Device, int Steps, IReadOnlyList<OpProfile> Lanes, IReadOnlyList<LaneTrace> Traces, ProfileCost Cost)
{
    /// <summary>The kernels that were started after warming up; null where ops are no kernels.</summary>
    public IReadOnlyList<ProfileKernel>? Kernels { get; init; }

    /// <summary>What the backend held.</summary>
    public ProfileMemory? Memory { get; init; }

    /// <summary>The device's ceilings, and the seconds that measuring them took.</summary>
    public static (Ceilings Ceilings, double Seconds) Measure(ComputeBackend backend)
    {
        long began = Stopwatch.GetTimestamp();
        var found = Ceilings.Measure(backend);
        return (found, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <param name="ceilings">Of the whole device.</param>
    /// <param name="seconds">How long measuring them took.</param>
    /// <param name="perLayer">Whether the places in the model are told apart.</param>
    public ProfileRecord Record(Ceilings ceilings, double seconds, bool perLayer)
    {
        var profile = OpProfile.Merge(Lanes);
        var (phases, ops) = ProfileRecord.Rows(perLayer ? profile : profile.WithoutScopes(), ceilings);
        return new ProfileRecord
        {
            What = What,
            Device = Device,
            Lanes = profile.Lanes,
            Steps = Steps,
            TotalMs = profile.Seconds * 1e3,
            Ceilings = ProfileCeilings.Of(ceilings, seconds),
            Cost = Cost,
            Phases = phases,
            Ops = ops,
            Kernels = Kernels,
            Memory = Memory,
        };
    }
}
