using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Whether gradients are followed during training.</summary>
internal interface IWatchOption
{
    [Option("watch", MetaValue = "K",
        HelpText = "Every K iterations show the norm of the gradient block by block, and write every tensor's into metrics.jsonl. Default: never.")]
    string? Watch { get; set; }
}
