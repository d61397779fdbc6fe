namespace LoraCollab.Engine.Training;

/// <summary>What a training loop drives: an adapter or a whole model, seen as a few actions.</summary>
public sealed record TrainingJob
{
    /// <summary>One optimiser step; returns the loss before it.</summary>
    public required Func<double> Step { get; init; }

    /// <summary>The whole validation split in fixed order; throws where its loss is not finite.</summary>
    public required Func<Evaluation> Evaluate { get; init; }

    /// <summary>Adds everything that the next step depends on to a checkpoint.</summary>
    public required Action<TensorBag> Save { get; init; }

    /// <summary>Takes it back.</summary>
    public required Action<TensorBag> Load { get; init; }

    /// <summary>Steps taken so far.</summary>
    public required Func<long> Steps { get; init; }

    /// <summary>Norms of the last step's gradient, tensor by tensor.</summary>
    public required Func<IReadOnlyList<TensorNorm>> Norms { get; init; }

    /// <summary>What an evaluation before the first step would find, where that is known.</summary>
    public Evaluation? Start { get; init; }
}
