using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>A LoRA adapter on top of the model.</summary>
internal interface IAdapterOption
{
    [Option("adapter", MetaValue = "DIR", HelpText = "A PEFT adapter folder (adapter_config.json, adapter_model.safetensors); where adapters are trained, "
        + "they start from it, in its rank, alpha and targets. Default: none.")]
    string? Adapter { get; set; }
}
