using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Which text.</summary>
internal interface IDataOption
{
    [Option("data", MetaValue = "WHAT", HelpText = "A built-in corpus (news, languages, code) or a path: AG News folder, folder of text files, JSON lines, text file; for trust a safetensors file of batches. Default: news.")]
    string? Data { get; set; }
}
