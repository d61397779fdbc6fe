using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Where a run is kept and what to do with one that is there.</summary>
internal interface IRunFolderOptions : IOutOption
{
    [Option("checkpoint-every", MetaValue = "N", HelpText = "Iterations between checkpoints. Default: 10.")]
    string? CheckpointEvery { get; set; }

    [Option("resume", HelpText = "Go on from the folder's last checkpoint; the result has the same bits as an uninterrupted run.")]
    bool Resume { get; set; }

    [Option("fresh", HelpText = "Run anew even if the folder holds a result.")]
    bool Fresh { get; set; }

    [Option("dry-run", HelpText = "Print the plan (steps, time, memory, disk) and stop.")]
    bool DryRun { get; set; }
}
