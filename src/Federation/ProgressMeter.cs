namespace LoraCollab.Federation;

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
