using System.Text.RegularExpressions;

namespace LoraCollab.Report.Experiments;

/// <summary>Names of files about a set: "news-specific", "agnews-mixed-paper-12-corrected".</summary>
internal static class SetName
{
    public static string Of(ExperimentSet set) =>
        Regex.Replace($"{set.Set}-{set.Distribution}{(set.Compat == "corrected" ? "" : "-" + set.Compat)}".ToLowerInvariant(), "[^a-z0-9]+", "-").Trim('-');
}
