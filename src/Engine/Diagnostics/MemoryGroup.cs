namespace LoraCollab.Engine.Diagnostics;

/// <summary>What a backend's memory is for, in the order of a table.</summary>
public enum MemoryGroup
{
    /// <summary>The model's parameters and, where it is trained, their gradient.</summary>
    Base,

    /// <summary>Adapters, their gradients, and what they are pulled to.</summary>
    Adapters,

    /// <summary>AdamW's moments.</summary>
    Optimiser,

    /// <summary>What blocks keep for their backward passes.</summary>
    Activations,

    /// <summary>What the blocks of a lane share, token ids, predictions, a generator's cache.</summary>
    Scratch,

    /// <summary>What ops hold for themselves.</summary>
    Workspace,

    /// <summary>Corrected weights (<see cref="WeightCorrection"/>).</summary>
    Corrections,

    /// <summary>Buffers of a name that no group knows.</summary>
    Other,
}
