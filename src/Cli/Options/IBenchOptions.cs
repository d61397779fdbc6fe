using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>The size of the model and the batch that are timed; defaults are GPT-2's.</summary>
internal interface IBenchOptions : IBackendOptions
{
    [Option("layers", MetaValue = "L", HelpText = "Blocks. Default: 12.")]
    string? Layers { get; set; }

    [Option("heads", MetaValue = "NH", HelpText = "Attention heads of a block. Default: 12.")]
    string? Heads { get; set; }

    [Option("embd", MetaValue = "C", HelpText = "Channels. Default: 768.")]
    string? Embd { get; set; }

    [Option("vocab", MetaValue = "V", HelpText = "Tokens in the vocabulary. Default: 50257.")]
    string? Vocab { get; set; }

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
