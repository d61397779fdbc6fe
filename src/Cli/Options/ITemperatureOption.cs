using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>The temperature of a softmax.</summary>
internal interface ITemperatureOption
{
    [Option("temperature", MetaValue = "X", HelpText = "Scores (collab, trust) or logits (generate) are divided by it before their softmax: low is decisive, high is even. For collab also weights=X,validation=Y,prediction=Z.")]
    string? Temperature { get; set; }
}
