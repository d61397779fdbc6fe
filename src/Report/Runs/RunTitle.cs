namespace LoraCollab.Report.Runs;

/// <summary>What a run is called in titles: "news, mixed, 8 clients, seed 1"; with a † where the model may have seen the text.</summary>
internal static class RunTitle
{
    public static string Of(RunRecord run) =>
        $"{run.Summary.Data}, {run.Summary.Distribution}, {Format.Several(run.Summary.Clients, "client")}, seed {run.Summary.Seed}"
            + (run.Summary.Compat == "corrected" ? "" : $", {run.Summary.Compat}") + OverlapNote.Mark(run.Summary.PretrainingOverlap);

    /// <summary>[N]: the category a client has most of, or its own name.</summary>
    public static string[] Labels(RunRecord run) =>
        [.. run.Manifest.Clients.Select(c => c.Shares.Count > 0 ? run.Manifest.Categories[TrustStatistics.MainCategory(c.Shares)] : c.Name)];
}
