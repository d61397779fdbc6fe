using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>The shape of a LoRA adapter.</summary>
internal interface ILoraOptions
{
    [Option("rank", MetaValue = "R", HelpText = "Rank of the adapters. Default: 4.")]
    string? Rank { get; set; }

    [Option("alpha", MetaValue = "X", HelpText = "The adapters' output is scaled by alpha / rank. Default: 32.")]
    string? Alpha { get; set; }

    [Option("lora-dropout", MetaValue = "P", HelpText = "Dropout on the adapters' input in training. Default: 0.1.")]
    string? LoraDropout { get; set; }

    [Option("targets", MetaValue = "SET", HelpText = "Which layers get an adapter: attn (the attention projections) or all (also the MLP's). Default: attn.")]
    string? Targets { get; set; }
}
