using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>How text becomes tokens.</summary>
internal interface ITokenizerOption
{
    [Option("tokenizer", MetaValue = "DIR", HelpText = "A folder with vocab.json and merges.txt, encoder.json and vocab.bpe, tokenizer.json, or chars.json; "
        + "for pretrain also chars, one token a character. Default: the model's folder.")]
    string? Tokenizer { get; set; }
}
