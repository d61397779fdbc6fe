namespace LoraCollab.Federation.Runs;

/// <summary>Listens to nothing.</summary>
public sealed class SilentObserver : IRunObserver
{
    public void Noted(string note) { }

    public void Advanced(string stage, int iteration, double done) { }

    public void Evaluated(MetricsLine line) { }

    public void Aggregated(TrustLine line) { }

    public void Finished(string scheme, SchemeSummary summary) { }
}
