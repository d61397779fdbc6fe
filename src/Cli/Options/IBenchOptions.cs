using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>The model, the batch and the adapters that are timed.</summary>
internal interface IBenchOptions : IBenchModelOptions
{
    [Option("batch", MetaValue = "B", HelpText = "Sequences a batch. Default: 4.")]
    string? Batch { get; set; }

    [Option("seq", MetaValue = "T", HelpText = "Tokens a sequence. Default: 64.")]
    string? Seq { get; set; }

    [Option("rank", MetaValue = "R", HelpText = "Rank of the adapters. Default: 4.")]
    string? Rank { get; set; }

    [Option("targets", MetaValue = "SET", HelpText = "Which layers have an adapter: attn or all. Default: all.")]
    string? Targets { get; set; }

    [Option("steps", MetaValue = "N", HelpText = "Steps that are timed, after one that is not. Default: 6.")]
    string? Steps { get; set; }

    [Option("dropout", MetaValue = "P", HelpText = "Dropout of embedding, attention and residual branches; the adapters' own is always 0.1. Default: 0.")]
    string? Dropout { get; set; }
}
