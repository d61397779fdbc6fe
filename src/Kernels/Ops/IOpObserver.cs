namespace LoraCollab.Kernels.Ops;

/// <summary>Sees every op before and after it runs: profiling, NaN checks and gradient inspection hang on this one point.</summary>
public interface IOpObserver
{
    void Before(in OpCall call);

    void After(in OpCall call);

    /// <summary>The observer of a lane made of the backend this one watches; null: the lane is not watched.</summary>
    IOpObserver? ForLane(ComputeBackend lane) => null;

    /// <summary>The lane begins another phase; never within an op.</summary>
    void Enter(OpPhase phase) { }
}
