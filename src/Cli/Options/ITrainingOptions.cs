using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>How long and on what batches to train.</summary>
internal interface ITrainingOptions : IStepOptions
{
    [Option("iterations", MetaValue = "N", HelpText = "Optimiser steps (of every client). Default: 120 for collab, 200 for train, 2000 for pretrain.")]
    string? Iterations { get; set; }

    [Option("acc-steps", MetaValue = "N", HelpText = "Micro-batches whose gradients make one step. Default: 1.")]
    string? AccSteps { get; set; }
}
