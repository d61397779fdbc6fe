using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>How long and on what batches to train.</summary>
internal interface ITrainingOptions : ISequenceOptions
{
    [Option("iterations", MetaValue = "N", HelpText = "Optimiser steps (of every client). Default: 120 for collab, 200 for train, 2000 for pretrain.")]
    string? Iterations { get; set; }

    [Option("acc-steps", MetaValue = "N", HelpText = "Micro-batches whose gradients make one step. Default: 1.")]
    string? AccSteps { get; set; }

    [Option("lr", MetaValue = "X", HelpText = "Peak learning rate. Default: 0.01 for collab (--compat paper: 0.002), 0.002 for train and pretrain.")]
    string? Lr { get; set; }

    [Option("dropout", MetaValue = "P", HelpText = "Dropout on embedding, attention and residual branches in training. Default: 0 (--compat paper: 0.2).")]
    string? Dropout { get; set; }
}
