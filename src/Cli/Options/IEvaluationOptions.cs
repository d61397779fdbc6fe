using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>When training is measured on held-out text.</summary>
internal interface IEvaluationOptions
{
    [Option("eval-every", MetaValue = "N", HelpText = "Iterations between evaluations on the held-out tenth of the text. Default: a tenth of the run.")]
    string? EvalEvery { get; set; }
}
