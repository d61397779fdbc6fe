using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Where the result goes.</summary>
internal interface IOutOption
{
    [Option("out", MetaValue = "PATH", HelpText = "Where to write: a folder; for dump and trust a file. Default for collab: runs/ID, ID a hash of everything that can change the result.")]
    string? Out { get; set; }
}
