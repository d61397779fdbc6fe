using LoraCollab.Kernels.Profiling;
using LoraCollab.Report.Plots;

namespace LoraCollab.Report.Profiles;

/// <summary>The files of a profile: profile.json, profile.csv, roofline.png and .svg, trace.json.</summary>
public static class ProfileFolder
{
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="profile">The table.</param>
    /// <param name="rows">Name and trace of every lane.</param>
    public static void Write(string folder, ProfileRecord profile, IReadOnlyList<(string Name, LaneTrace Trace)> rows)
    {
        Directory.CreateDirectory(folder);
        ProfileFile.Write(Path.Combine(folder, "profile.json"), profile);
        ProfileFile.WriteCsv(Path.Combine(folder, "profile.csv"), profile);
        TraceFile.Write(Path.Combine(folder, "trace.json"), profile.What, rows);
        Roofline(Path.Combine(folder, "roofline"), profile);
    }

    /// <summary>Ops of all places together; those that do no arithmetic have no place in it.</summary>
    private static void Roofline(string path, ProfileRecord profile)
    {
        double all = profile.TotalMs;
        var points = profile.Ops.Where(o => o is { Flops: > 0, Bytes: > 0, TotalMs: > 0 }).GroupBy(o => (o.Phase, o.Op)).Select(g =>
        {
            double flops = g.Sum(o => (double)o.Flops), milliseconds = g.Sum(o => o.TotalMs);
            string phase = g.Key.Phase.ToString().ToLowerInvariant();
            return new RooflinePoint(phase, $"{g.Key.Op}, {phase}", flops / g.Sum(o => (double)o.Bytes), flops / milliseconds / 1e6, milliseconds / all);
        }).ToArray();
        if (points.Length == 0) return;
        var copies = profile.Ceilings.Copies;
        (string, double)[] roofs = copies.Count == 1
            ? [("copy", copies[0].GbS / profile.Lanes)]
            : [("cache", copies[0].GbS / profile.Lanes), ("memory", copies[^1].GbS / profile.Lanes)];
        RooflinePicture.Save(path, $"{profile.What[..profile.What.IndexOf(',')]}; {profile.Device}{(profile.Lanes == 1 ? "" : $", roofs of one of {profile.Lanes} lanes")}",
            profile.Ceilings.GflopS / profile.Lanes, roofs, points, WithoutFlops(profile));
    }

    /// <summary>The ops that no roofline can show; without this, a reader would look for them.</summary>
    private static string WithoutFlops(ProfileRecord profile)
    {
        var found = profile.Ops.Where(o => o is { Flops: 0, TotalMs: > 0 }).GroupBy(o => o.Op).OrderByDescending(g => g.Sum(o => o.TotalMs))
            .Select(g => $"{g.Key} {ProfileText.Percent(g.Sum(o => o.TotalMs) / profile.TotalMs)}").ToArray();
        return found.Length == 0 ? "" : $"no FLOPs, so no points: {string.Join(", ", found)}";
    }
}
