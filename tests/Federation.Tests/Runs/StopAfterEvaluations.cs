namespace LoraCollab.Federation.Tests;

/// <summary>Stops a run as soon as so many lines of metrics are written.</summary>
internal sealed class StopAfterEvaluations(CancellationTokenSource stop, int count) : IRunObserver
{
    private int _seen;

    public void Noted(string note) { }

    public void Advanced(string stage, int iteration, double done) { }

    public void Evaluated(MetricsLine line)
    {
        if (++_seen == count) stop.Cancel();
    }

    public void Aggregated(TrustLine line) { }

    public void Finished(string scheme, SchemeSummary summary) { }
}
