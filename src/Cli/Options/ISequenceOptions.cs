using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>The shape of a batch.</summary>
internal interface ISequenceOptions
{
    [Option("batch-size", MetaValue = "N", HelpText = "Sequences a micro-batch.")]
    string? BatchSize { get; set; }

    [Option("sequence-length", MetaValue = "T", HelpText = "Tokens a sequence, at most the model's context.")]
    string? SequenceLength { get; set; }
}
