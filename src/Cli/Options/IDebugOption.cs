using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Whether to check every op.</summary>
internal interface IDebugOption
{
    [Option("debug", MetaValue = "DIR", HelpText = "Check after every op that it wrote no NaN and no infinity, and nothing outside its operands; slow. "
        + "On the first fault the op's inputs and outputs are written to DIR/debug-OP-STEP.safetensors and the command fails.")]
    string? Debug { get; set; }
}
