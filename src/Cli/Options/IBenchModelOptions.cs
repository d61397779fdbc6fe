using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>The size of the model that is timed; defaults are GPT-2's.</summary>
internal interface IBenchModelOptions : IBackendOptions
{
    [Option("layers", MetaValue = "L", HelpText = "Blocks. Default: 12.")]
    string? Layers { get; set; }

    [Option("heads", MetaValue = "NH", HelpText = "Attention heads of a block. Default: 12.")]
    string? Heads { get; set; }

    [Option("embd", MetaValue = "C", HelpText = "Channels. Default: 768.")]
    string? Embd { get; set; }

    [Option("vocab", MetaValue = "V", HelpText = "Tokens in the vocabulary. Default: 50257.")]
    string? Vocab { get; set; }
}
