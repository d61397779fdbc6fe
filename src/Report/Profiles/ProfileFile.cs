using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoraCollab.Report.Profiles;

/// <summary>A profile as JSON, which is read again, and as CSV.</summary>
public static class ProfileFile
{
    private static readonly JsonSerializerOptions s_json = OwnJson.Strict(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    });

    private static readonly JsonSerializerOptions s_indented = new(s_json) { WriteIndented = true };

    /// <summary>One line.</summary>
    public static string Line(ProfileRecord profile) => JsonSerializer.Serialize(profile, s_json);

    public static void Write(string file, ProfileRecord profile) => AtomicFile.WriteText(file, JsonSerializer.Serialize(profile, s_indented) + "\n");

    /// <summary>Reads a profile.json, or that of a folder.</summary>
    /// <exception cref="UserException">There is no such file, or it holds no profile.</exception>
    public static ProfileRecord Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, "profile.json") : path;
        if (!File.Exists(file)) throw new UserException($"{file}: there is no such file; give a profile.json, or the folder that a profile was written into");
        var found = Checked(file, OwnJson.Parse<ProfileRecord>(file, "a profile that this program wrote", TextFile.Read(file), s_json));
        return found with
        {
            What = ForeignText.Shown(found.What),
            Device = ForeignText.Shown(found.Device),
            Ops = [.. found.Ops.Select(o => o with { Op = ForeignText.Name(o.Op) })],
        };
    }

    public static void WriteCsv(string file, ProfileRecord profile) => Csv.Write(file,
        ["phase", "op", "scope", "count", "total_ms", "mean_ms", "min_ms", "max_ms", "share", "flops", "bytes", "gflop_s", "gb_s",
            "flop_per_byte", "of_bound", "bound"],
        [
            .. profile.Ops.Select(o => (IReadOnlyList<object?>)
                [o.Phase, o.Op, o.Scope, o.Count, o.TotalMs, o.MeanMs, o.MinMs, o.MaxMs, o.Share, o.Flops, o.Bytes, o.GflopS, o.GbS, o.Intensity,
                    o.OfBound, o.Bound]),
            .. profile.Phases.Select(p => (IReadOnlyList<object?>)
                [p.Phase, "outside kernels", null, null, p.OutsideMs, null, null, null, p.OutsideMs / profile.TotalMs,
                    null, null, null, null, null, null, null]),
        ]);

    private static ProfileRecord Checked(string file, ProfileRecord profile)
    {
        if (profile is not { Steps: > 0, TotalMs: > 0 and < double.PositiveInfinity })
            throw new UserException($"{file}: expected steps and total_ms above 0, found {profile.Steps} and {profile.TotalMs}; run profile again");
        double[] times = [.. profile.Ops.Select(o => o.TotalMs), .. profile.Phases.SelectMany(p => (double[])[p.TotalMs, p.OutsideMs])];
        if (times.FirstOrDefault(t => !(Math.Abs(t) < double.PositiveInfinity)) is var odd && odd != 0)
            throw new UserException($"{file}: a time is {odd}; run profile again");
        return profile;
    }
}
