using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>The temperature of a softmax.</summary>
internal interface ITemperatureOption
{
    [Option("temperature", MetaValue = "X", HelpText = "Scores (collab, trust) or logits (generate) are divided by it before their softmax: low is decisive, high is even. For collab also weights=X,validation=Y,prediction=Z; by default 0.02, 0.05, 0.1, in the forms js and l1 0.2 for prediction, with --compat paper 1.")]
    string? Temperature { get; set; }
}
