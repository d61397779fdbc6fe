using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>A text to look at, before and after an adapter, or under two clients' adapters.</summary>
internal interface IComparisonOptions : IModelOption, ITokenizerOption, IAdapterOption, IRunOption, IBackendOptions
{
    [Option("text", MetaValue = "TEXT", HelpText = "Required. The text to look at, at most as many tokens as the model's context.")]
    string? Text { get; set; }

    string? Scheme { get; set; }

    [Option("client", MetaValue = "I", HelpText = "With --run: whose adapter. Default: 0.")]
    string? Client { get; set; }

    [Option("other", MetaValue = "J", HelpText = "With --run: a second client; its adapter is compared with the first's.")]
    string? Other { get; set; }
}
