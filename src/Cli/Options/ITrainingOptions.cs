using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>How long and on what batches to train.</summary>
internal interface ITrainingOptions : ISequenceOptions
{
    [Option("iterations", MetaValue = "N", HelpText = "Optimiser steps.")]
    string? Iterations { get; set; }

    [Option("acc-steps", MetaValue = "N", HelpText = "Micro-batches whose gradients make one step. Default: 1.")]
    string? AccSteps { get; set; }

    [Option("lr", MetaValue = "X", HelpText = "Peak learning rate.")]
    string? Lr { get; set; }

    [Option("dropout", MetaValue = "P", HelpText = "Dropout on embedding, attention and residual branches in training.")]
    string? Dropout { get; set; }
}
