using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>The seed of everything random.</summary>
internal interface ISeedOption
{
    [Option("seed", MetaValue = "N", HelpText = "Seed of everything random; the same seed gives the same bits. Default: 1.")]
    string? Seed { get; set; }
}
