using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>What a built-in corpus is made of.</summary>
internal interface IWorldOptions
{
    [Option("conflict", MetaValue = "X", HelpText = "How much the categories of built-in data contradict each other, 0 to 1. Default: 1.")]
    string? Conflict { get; set; }

    [Option("categories", MetaValue = "A,B", HelpText = "Which categories of the data take part; top:K: the K with most documents. Default: all.")]
    string? Categories { get; set; }
}
