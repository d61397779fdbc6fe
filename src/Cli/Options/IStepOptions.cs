using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>How one optimiser step is made.</summary>
internal interface IStepOptions : ISequenceOptions
{
    [Option("lr", MetaValue = "X", HelpText = "Peak learning rate. Default: 0.01 for collab (--compat paper: 0.002), 0.002 for train, pretrain and inspect.")]
    string? Lr { get; set; }

    [Option("dropout", MetaValue = "P", HelpText = "Dropout on embedding, attention and residual branches in training. Default: 0 (--compat paper: 0.2).")]
    string? Dropout { get; set; }
}
