using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>The shape of a batch.</summary>
internal interface ISequenceOptions
{
    [Option("batch-size", MetaValue = "N", HelpText = "Sequences a micro-batch. Default: 4; for pretrain 12, for eval 8.")]
    string? BatchSize { get; set; }

    [Option("sequence-length", MetaValue = "T", HelpText = "Tokens a sequence, at most the model's context. Default: 64; for eval the context.")]
    string? SequenceLength { get; set; }
}
