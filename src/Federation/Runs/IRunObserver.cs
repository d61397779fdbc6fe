namespace LoraCollab.Federation.Runs;

/// <summary>Told what a run does while it does it. Calls come one at a time, from any thread.</summary>
public interface IRunObserver
{
    /// <summary>Something a person should know: a scheme left out, a run resumed.</summary>
    void Noted(string note);

    /// <summary>Some work was done.</summary>
    /// <param name="stage">"shared" or the scheme's name.</param>
    /// <param name="iteration">The step that a client has reached, or at which it is being evaluated.</param>
    /// <param name="done">Work done so far, in the unit of <see cref="RunPlan.Work"/>.</param>
    void Advanced(string stage, int iteration, double done);

    /// <summary>All clients were evaluated.</summary>
    void Evaluated(MetricsLine line);

    /// <summary>The clients mixed.</summary>
    void Aggregated(TrustLine line);

    /// <summary>Something travelled: what ledger.jsonl counts.</summary>
    void Travelled(string scheme, int iteration, int client, Direction direction, Parcel parcel) { }

    /// <summary>A scheme has its result.</summary>
    void Finished(string scheme, SchemeSummary summary);
}

/// <summary>Listens to nothing.</summary>
public sealed class SilentObserver : IRunObserver
{
    public void Noted(string note) { }

    public void Advanced(string stage, int iteration, double done) { }

    public void Evaluated(MetricsLine line) { }

    public void Aggregated(TrustLine line) { }

    public void Finished(string scheme, SchemeSummary summary) { }
}

/// <summary>Passes on what happens, one call at a time, and counts the work done.</summary>
internal sealed class ProgressMeter(IRunObserver observer)
{
    private readonly Lock _lock = new();
    private double _done;

    /// <summary>Some tokens were read, or trained on.</summary>
    public void Advance(string stage, int iteration, double work)
    {
        lock (_lock) observer.Advanced(stage, iteration, _done += work);
    }

    public void Tell(Action<IRunObserver> what)
    {
        lock (_lock) what(observer);
    }
}
