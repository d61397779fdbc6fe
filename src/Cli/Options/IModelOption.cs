using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Which GPT-2.</summary>
internal interface IModelOption
{
    [Option("model", MetaValue = "DIR", HelpText = "A GPT-2 folder of transformers or nanoGPT, a checkpoint file of llm.c, or gpt2, gpt2-medium, "
        + "gpt2-large for that size with random weights. "
        + "Default: the small model that ships with the program; for gradcheck a random one that is smaller still.")]
    string? Model { get; set; }
}
