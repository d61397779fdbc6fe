namespace LoraCollab.Report.Profiles;

/// <summary>The files of a profile: profile.json, profile.csv, roofline.png and .svg, where memory was varied memory.png and .svg, trace.json.</summary>
public static class ProfileFolder
{
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="profile">The table.</param>
    /// <param name="rows">Name and trace of every lane.</param>
    /// <returns>
    /// The names of the files, trace.json last. Pictures that this profile has not, of an earlier one, are deleted: they would seem to belong to it.
    /// </returns>
    public static IReadOnlyList<string> Write(string folder, ProfileRecord profile, IReadOnlyList<(string Name, LaneTrace Trace)> rows)
    {
        ProfileFile.Write(Path.Combine(folder, "profile.json"), profile);
        ProfileFile.WriteCsv(Path.Combine(folder, "profile.csv"), profile);
        TraceFile.Write(Path.Combine(folder, "trace.json"), profile.What, rows);
        string[] pictures = [.. Picture("roofline", path => Roofline(path, profile)), .. Picture("memory", path => Memory(path, profile))];
        return ["profile.json", "profile.csv", .. pictures, "trace.json"];

        IEnumerable<string> Picture(string name, Func<string, bool> save)
        {
            string[] files = [$"{name}.png", $"{name}.svg"];
            if (save(Path.Combine(folder, name))) return files;
            foreach (string file in files) Disk.Delete(Path.Combine(folder, file));
            return [];
        }
    }

    /// <summary>What to say where a trace does not hold every call; null where it does.</summary>
    public static string? CutTrace(IReadOnlyList<LaneTrace> traces)
    {
        long kept = traces.Sum(t => (long)t.Ops.Count), missing = traces.Sum(t => t.Missing);
        return missing == 0 ? null : $"trace.json holds the first {Format.Count(kept)} of {Format.Count(kept + missing)} calls; fewer steps give a whole one";
    }

    /// <summary>Ops of all places together; those that do no arithmetic have no place in it.</summary>
    private static bool Roofline(string path, ProfileRecord profile)
    {
        double all = profile.TotalMs;
        var points = profile.Ops.Where(o => o is { Flops: > 0, Bytes: > 0, TotalMs: > 0 }).GroupBy(o => (o.Phase, o.Op)).Select(g =>
        {
            double flops = g.Sum(o => (double)o.Flops), milliseconds = g.Sum(o => o.TotalMs);
            string phase = g.Key.Phase.ToString().ToLowerInvariant();
            return new RooflinePoint(phase, $"{g.Key.Op}, {phase}", flops / g.Sum(o => (double)o.Bytes), flops / milliseconds / 1e6, milliseconds / all);
        }).ToArray();
        if (points.Length == 0) return false;
        var copies = profile.Ceilings.Copies;
        (string, double)[] roofs = copies.Count == 1
            ? [("copy", copies[0].GbS / profile.Lanes)]
            : [("cache", copies[0].GbS / profile.Lanes), ("memory", copies[^1].GbS / profile.Lanes)];
        RooflinePicture.Save(path, $"{Subject(profile)}; {profile.Device}{(profile.Lanes == 1 ? "" : $", roofs of one of {profile.Lanes} lanes")}",
            profile.Ceilings.GflopS / profile.Lanes, roofs, points, WithoutFlops(profile));
        return true;
    }

    private static bool Memory(string path, ProfileRecord profile)
    {
        if (profile.Memory?.Against is not { } points) return false;
        MemoryFigure.Save(path, $"memory of {Subject(profile)} on {profile.Device}", points);
        return true;
    }

    /// <summary>"train: tiny".</summary>
    private static string Subject(ProfileRecord profile) => profile.What[..profile.What.IndexOf(',')];

    /// <summary>The ops that no roofline can show; without this, a reader would look for them.</summary>
    private static string WithoutFlops(ProfileRecord profile)
    {
        var found = profile.Ops.Where(o => o is { Flops: 0, TotalMs: > 0 }).GroupBy(o => o.Op).OrderByDescending(g => g.Sum(o => o.TotalMs))
            .Select(g => $"{g.Key} {Format.Percent(g.Sum(o => o.TotalMs) / profile.TotalMs)}").ToArray();
        return found.Length == 0 ? "" : $"no FLOPs, so no points: {string.Join(", ", found)}";
    }
}
