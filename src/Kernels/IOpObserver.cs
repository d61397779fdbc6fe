namespace LoraCollab.Kernels;

/// <summary>Sees every op before and after it runs: profiling, NaN checks and gradient inspection hang on this one point.</summary>
public interface IOpObserver
{
    void Before(in OpCall call);

    void After(in OpCall call);
}
