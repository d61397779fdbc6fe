namespace LoraCollab.Federation.Runs;

/// <summary>What a run folder held when it was opened.</summary>
public enum RunState
{
    /// <summary>Nothing, or it was asked to begin anew.</summary>
    New,

    /// <summary>A run that was stopped after a checkpoint.</summary>
    Interrupted,

    /// <summary>A run that was stopped before its first checkpoint: it begins anew.</summary>
    InterruptedWithoutCheckpoint,

    /// <summary>The result.</summary>
    Finished,
}
