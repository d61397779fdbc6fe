namespace LoraCollab.Report;

/// <summary>What stands below tables of results: which text the model may have seen before, who is in no mean, and what noise on uploads protects.</summary>
internal static class ResultNotes
{
    /// <summary>Behind the name of a text that the model may have seen; nothing where no text was compared or none was seen.</summary>
    public static string Mark(PretrainingOverlap? overlap) => overlap is { Most: > 0 } ? " †" : "";

    /// <summary>Behind the name of a scheme from which clients are excluded.</summary>
    public static string Mark(SchemeSummary scheme) => scheme.Excluded is null ? "" : " **";

    /// <summary>A line each; none where there is nothing to say.</summary>
    /// <param name="overlap">Of the runs' text with what the model was pretrained on; null: not compared.</param>
    /// <param name="runs">Whose results the table shows.</param>
    public static IEnumerable<string> Of(PretrainingOverlap? overlap, params IEnumerable<RunSummary> runs) =>
        [.. overlap is null ? (string[])[] : [Seen(overlap)], .. runs.SelectMany(LeftOut).Distinct(),
            .. runs.SelectMany(Noise).Distinct().SelectMany(Protects)];

    private static string Seen(PretrainingOverlap overlap) => overlap.Most == 0
        ? $"No client's document has {overlap.Words} words in a row in common with the pretraining text {overlap.Text}."
        : $"† Seen in pretraining: {Format.Percent(overlap.Clients.Average(c => c.Documents))} of a client's documents "
            + $"(at most {Format.Percent(overlap.Most)}) have {overlap.Words} words in a row in common with {overlap.Text}, "
            + $"and {Format.Percent(overlap.Clients.Average(c => c.Grams))} of such runs.";

    /// <summary>Who takes part in no mean, or not in every round.</summary>
    private static IEnumerable<string> LeftOut(RunSummary run)
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

    private static string Names(RunSummary run, IReadOnlyList<int> clients) => string.Join(", ", clients.Select(i => $"client {i} ({Name(run, i)})"));

    private static string? Name(RunSummary run, int client) => run.Schemes.Values.First().Clients.FirstOrDefault(c => c.Id == client)?.Name;

    /// <summary>The noise is the same for all schemes that release as often.</summary>
    private static IEnumerable<PrivacyStatement> Noise(RunSummary run) => run.Schemes.Values.Select(s => s.Privacy).OfType<PrivacyStatement>();

    private static IEnumerable<string> Protects(PrivacyStatement p) =>
    [
        $"Privacy: ε = {Format.Fixed(p.Epsilon)} at δ = {Format.Short(p.Delta)} for a client's {p.Releases} uploads under one scheme "
            + $"(norm {Format.Short(p.Clip)}, noise {Format.Short(p.Noise)} times that):",
        "client level, its whole training text, from all who see its uploads. Not covered: losses on its own text that a scheme sends beside them.",
    ];
}
