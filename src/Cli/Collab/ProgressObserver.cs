namespace LoraCollab.Cli.Collab;

/// <summary>Passes a run's progress on to the display.</summary>
internal sealed class ProgressObserver(ProgressView view, Collaboration collaboration) : IRunObserver
{
    public void Noted(string note) => view.Note(note);

    public void Advanced(string stage, int iteration, double done)
    {
        string what = stage == "shared" ? "all schemes, before the first mix" : stage;
        view.Report($"{what}: iteration {iteration}/{collaboration.Options.Iterations}", Math.Min(1, done / collaboration.Plan.Work));
    }

    public void Evaluated(MetricsLine line) { }

    public void Aggregated(TrustLine line) { }

    public void Finished(string scheme, SchemeSummary summary) { }
}
