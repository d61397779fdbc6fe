using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Which text.</summary>
internal interface IDataOption
{
    [Option("data", MetaValue = "WHAT", HelpText = "A built-in corpus (news, languages, code, mixture) or a path: AG News folder, folder of text files (one a category), JSON lines, text file; "
        + "agnews:, text:, folders:, jsonl:, manifest: or file: before the path names the format; clients:FOLDER has one .txt file a client. For trust a safetensors file of batches. Default: news.")]
    string? Data { get; set; }
}
