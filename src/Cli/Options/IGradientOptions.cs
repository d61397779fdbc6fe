using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Which model's gradients are looked at, on which text, and when.</summary>
internal interface IGradientOptions
    : IModelOption, ITokenizerOption, ICorpusOptions, IAdapterOption, IStepOptions, ILoraOptions, ISeedOption, IBackendOptions
{
    [Option("mode", MetaValue = "NAME", HelpText = "lora (an adapter over a frozen base) or full (every weight). Default: lora.")]
    string? Mode { get; set; }

    [Option("steps", MetaValue = "N",
        HelpText = "Training steps: those before looking, for profile those that are timed, with --collab the iterations of the run. Default: 0; for profile 20.")]
    string? Steps { get; set; }
}
