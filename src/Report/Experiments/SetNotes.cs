namespace LoraCollab.Report.Experiments;

/// <summary>What stands below the tables of sets: which text the model may have seen before, who does not count, and what noise on uploads protects.</summary>
internal static class SetNotes
{
    /// <summary>A line each; none where there is nothing to say. What several sets have in common is said once.</summary>
    public static IEnumerable<string> Of(params IEnumerable<ExperimentSet> sets) => sets.SelectMany(Lines).Distinct();

    /// <summary>Over the clients of all seeds, whose texts differ.</summary>
    internal static PretrainingOverlap? Overlap(ExperimentSet set)
    {
        PretrainingOverlap[] found = [.. set.Runs.Select(r => r.PretrainingOverlap).OfType<PretrainingOverlap>()];
        return found.Length == 0 ? null : found[0] with { Clients = [.. found.Where(o => o.Hash == found[0].Hash).SelectMany(o => o.Clients)] };
    }

    private static IEnumerable<string> Lines(ExperimentSet set)
    {
        if (Overlap(set) is { } overlap) yield return OverlapNote.Of(overlap);
        foreach (string line in LeftOutText.Of(set.Runs)) yield return line;
        foreach (string line in PrivacyText.Of(set.Runs)) yield return line;
    }
}
