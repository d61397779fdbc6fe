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

/// <summary>What a lane works for, so that a profile can tell the parts of a step and of a round apart.</summary>
public enum OpPhase
{
    /// <summary>None of the others: between the parts of a program, reading and writing files.</summary>
    Other,

    /// <summary>Cutting batches out of a text.</summary>
    Data,

    /// <summary>The forward pass of a training step, up to the classifier.</summary>
    Forward,

    /// <summary>From the classifier, whose forward product is fused with its gradient, down to the lowest adapter.</summary>
    Backward,

    /// <summary>Clipping, pulls and AdamW.</summary>
    Optimiser,

    /// <summary>Forward passes that only measure.</summary>
    Evaluation,

    /// <summary>Everything between sending adapters and taking the mixed ones: scores, weights, mixing.</summary>
    Trust,

    /// <summary>A lane has nothing to do: others still train or measure, or the first one mixes.</summary>
    Waiting,
}
