namespace LoraCollab.Federation.Runs;

/// <summary>How and where a run is executed; nothing here changes its result.</summary>
public sealed record RunSettings
{
    /// <summary>The run folder; null: the folder ID in <see cref="Runs"/>.</summary>
    [OutOption(Default = "runs/ID, ID a hash of everything that can change the result")]
    public string? Out { get; init; }

    /// <summary>Where run folders named by their id lie; by default runs under the current folder.</summary>
    public string Runs { get; init; } = "runs";

    /// <summary>Host threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    [Option("keep-rounds", OptionGroup.Output, "Which rounds' adapters stay in the run folder: all, last, none.", Value = "WHICH")]
    public KeepRounds KeepRounds { get; init; } = KeepRounds.All;

    /// <summary>Steps between checkpoints.</summary>
    [CheckpointEveryOption]
    public int CheckpointEvery { get; init; } = 10;

    /// <summary>Go on from the last checkpoint.</summary>
    [ResumeOption]
    public bool Resume { get; init; }

    /// <summary>Run anew where a result is stored.</summary>
    [FreshOption]
    public bool Fresh { get; init; }

    /// <summary>How model and data were opened, as options by their names: kept in source.json, so that the run can be opened again; null: not kept.</summary>
    public IReadOnlyDictionary<string, string>? Source { get; init; }

    /// <summary>The folder of a run with this id.</summary>
    public string FolderOf(string id) => Out ?? Path.Combine(Runs, id);
}

/// <summary>Which rounds' adapters stay on disk.</summary>
public enum KeepRounds
{
    All,
    Last,
    None,
}
