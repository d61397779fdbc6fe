namespace LoraCollab.Report;

/// <summary>Who takes part in no mean, or not in every round: the lines below a table of results.</summary>
internal static class LeftOutText
{
    /// <summary>Behind the name of a scheme from which clients are excluded.</summary>
    public static string Mark(SchemeSummary scheme) => scheme.Excluded is null ? "" : " **";

    /// <summary>Nothing where everybody counts and takes part.</summary>
    public static IEnumerable<string> Of(params IEnumerable<RunSummary> runs) => runs.SelectMany(Lines).Distinct();

    private static IEnumerable<string> Lines(RunSummary run)
    {
        if (run.Attackers is { } attackers)
            yield return $"Not in any mean: {Names(run, attackers)}, which attack{(attackers.Count == 1 ? "s" : "")}.";
        if (run.Absent is { } share)
            yield return $"In every round {Participation.Silent(share, run.Clients)} of {run.Clients} clients, drawn anew, "
                + "are silent: they neither send nor receive.";
        foreach (var (name, scheme) in run.Schemes)
            foreach (var e in scheme.Excluded ?? [])
                yield return $"** {name} without client {e.Client} ({Name(run, e.Client)}) from round {e.Round} (iteration {e.Iteration}) on, "
                    + $"which keeps its last good adapter and is in no mean: {e.Reason}.";
    }

    private static string Names(RunSummary run, IReadOnlyList<int> clients) =>
        string.Join(", ", clients.Select(i => $"client {i} ({Name(run, i)})"));

    private static string? Name(RunSummary run, int client) => run.Schemes.Values.First().Clients.FirstOrDefault(c => c.Id == client)?.Name;
}
