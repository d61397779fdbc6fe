namespace LoraCollab.Engine.Gradients;

/// <summary>Where the gradient of a few micro-batches went.</summary>
public sealed record GradientReport
{
    /// <summary>Optimiser steps taken before looking.</summary>
    public required long Steps { get; init; }

    /// <summary>Micro-batches looked at.</summary>
    public required int Batches { get; init; }

    /// <summary>Mean loss over them, in nats a token.</summary>
    public required double Loss { get; init; }

    /// <summary>The first bad tensor of the forward pass; null where the loss is finite.</summary>
    public BadTensor? BadForward { get; init; }

    /// <summary>In the order of the backward pass; parameters that it never reached come last.</summary>
    public required IReadOnlyList<TensorGradient> Tensors { get; init; }

    /// <summary>The ops of the first micro-batch's backward pass.</summary>
    public required IReadOnlyList<GradientStep> Way { get; init; }

    /// <summary>Of an adapter, before the step; empty where the whole model is trained.</summary>
    public IReadOnlyList<LoraSpectrum> Spectra { get; init; } = [];

    /// <summary>True where nothing was trained yet and B = 0, which keeps A from having a gradient.</summary>
    public required bool IsInitial { get; init; }

    /// <summary>s = α/r as the kernels get it; null without an adapter.</summary>
    public double? Scale { get; init; }
}
