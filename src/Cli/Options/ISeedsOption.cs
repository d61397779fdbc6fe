using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Several seeds.</summary>
internal interface ISeedsOption
{
    [Option("seeds", MetaValue = "LIST", HelpText = "Seeds to run, such as 1-3 or 1,2,3; one number N means 1 to N with a preset. Default: 1-3 for controls, 100-104 for sweep, else the preset's.")]
    string? Seeds { get; set; }
}
