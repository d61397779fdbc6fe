namespace LoraCollab.Engine.Diagnostics;

/// <summary>Sorts what a backend holds into groups, by the names of its buffers.</summary>
public static class MemoryGroups
{
    /// <summary>The group of a buffer, a packed weight or a workspace.</summary>
    public static MemoryGroup Of(string name) => name switch
    {
        "parameters" or "vectors" or "gradient" => MemoryGroup.Base,
        "adapter" or "adapter gradient" or "pull centre" => MemoryGroup.Adapters,
        "m" or "v" or "squared norm" => MemoryGroup.Optimiser,
        "activations" => MemoryGroup.Activations,
        "shared activations" or "ids" or "targets" or "argmax" or "logits" or "key/value cache" => MemoryGroup.Scratch,
        "chosen rows" or "top logits" or "log-sums" or "top tokens" => MemoryGroup.Scratch,
        "workspace" or "scratch of threads" => MemoryGroup.Workspace,
        _ when name.StartsWith("corrected ", StringComparison.Ordinal) => MemoryGroup.Corrections,
        // What is left of a frozen model are its packed weights, named as in a checkpoint.
        _ when name.EndsWith(".weight", StringComparison.Ordinal) => MemoryGroup.Base,
        _ => MemoryGroup.Other,
    };

    /// <summary>Bytes of every group that is not empty when the backend held most.</summary>
    public static IReadOnlyDictionary<MemoryGroup, long> AtPeak(MemoryLedger ledger) => Sum(ledger, a => a.AtPeak);

    /// <summary>Bytes of every group now.</summary>
    public static IReadOnlyDictionary<MemoryGroup, long> Live(MemoryLedger ledger) => Sum(ledger, a => a.Live);

    private static SortedDictionary<MemoryGroup, long> Sum(MemoryLedger ledger, Func<MemoryAccount, long> bytes) => new(ledger.Accounts()
        .GroupBy(a => Of(a.Name)).ToDictionary(g => g.Key, g => g.Sum(bytes)).Where(g => g.Value > 0).ToDictionary());
}

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
