using System.Diagnostics;
using System.Text.Json.Serialization;

namespace LoraCollab.Engine.Training;

/// <summary>How long a training is, and what happens on its way.</summary>
/// <param name="Iterations">Optimiser steps.</param>
/// <param name="EvalEvery">Iterations between evaluations; there is one after the last, too.</param>
/// <param name="CheckpointEvery">Iterations between checkpoints.</param>
/// <param name="WatchEvery">Iterations between looks at the gradient; 0: none.</param>
public sealed record TrainingPace(int Iterations, int EvalEvery, int CheckpointEvery, int WatchEvery);

/// <summary>Training losses since the last evaluation.</summary>
public readonly record struct TrainLossSum(double Sum, int Count)
{
    [JsonIgnore]
    public double? Mean => Count == 0 ? null : Sum / Count;

    public TrainLossSum Plus(double loss) => new(Sum + loss, Count + 1);
}

/// <summary>What a training gave.</summary>
/// <param name="Base">The model without the adapter; null where the whole model was trained.</param>
/// <param name="First">What training began with; null where the whole model was trained.</param>
/// <param name="Last">After the last step.</param>
/// <param name="TrainLoss">Mean training loss of the steps since the evaluation before the last.</param>
/// <param name="Time">Of this process.</param>
public sealed record TrainingResult(Evaluation? Base, Evaluation? First, Evaluation Last, double TrainLoss, TimeSpan Time);

/// <summary>Training of one adapter or a whole model into a folder, from its beginning or from where the last checkpoint left it.</summary>
/// <param name="fill">Its batches.</param>
/// <param name="windows">The held-out text in fixed order.</param>
public sealed class TrainingRun(TrainingFolder folder, Trainer trainer, BatchFill fill, EvaluationWindows windows, TrainingPace pace)
{
    private TrainLossSum _losses;
    private double _trainLoss = double.NaN;

    /// <summary>Told after each step and each evaluation how many steps there are now, and the last evaluation.</summary>
    public required Action<long, Evaluation> Stepped { get; init; }

    /// <summary>Told how many steps there are now, and the norms of a gradient that is looked at.</summary>
    public required Action<long, IReadOnlyList<TensorNorm>> Watched { get; init; }

    /// <summary>Trains to the end.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop; the checkpoint is written.</exception>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite.</exception>
    public TrainingResult Run(CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        var backend = trainer.Model.Backend;
        using var pass = trainer.NewPass(backend);
        using var norms = pace.WatchEvery == 0 ? null : new GradientNorms(backend, trainer.Layout);
        var evaluator = new Evaluator(pass);
        var adapter = (trainer as LoraTrainer)?.Adapter;
        Evaluation? bare = adapter is null ? null : evaluator.EvaluateFinite(windows, null);
        var first = adapter is null || adapter.IsFresh() ? bare : Evaluate();
        if (folder.Last is { } checkpoint)
        {
            trainer.Load(checkpoint.Tensors, "", backend);
            _losses = checkpoint.Losses;
        }
        var last = trainer.Steps == 0 && first is { } known ? known : Evaluate();
        if (folder.Last is null) Log(last);
        while (trainer.Steps < pace.Iterations)
        {
            try
            {
                trainer.StepTo(NextHalt(), () => trainer.Step(pass, fill), Count, stop);
            }
            catch (OperationCanceledException)
            {
                Save();
                throw;
            }
            if (norms is not null && IsDue(pace.WatchEvery)) LogGradient(norms.Of(backend, trainer.Gradient));
            if (IsDue(pace.EvalEvery) || trainer.Steps == pace.Iterations)
            {
                (_trainLoss, _losses) = (_losses.Mean!.Value, default);
                Log(last = Evaluate());
                Stepped(trainer.Steps, last);
            }
            if (IsDue(pace.CheckpointEvery) && trainer.Steps < pace.Iterations) Save();
        }
        return new TrainingResult(bare, first, last, _trainLoss, watch.Elapsed);

        Evaluation Evaluate() => evaluator.EvaluateFinite(windows, adapter, trainer.Steps);

        void Count(double loss)
        {
            _losses = _losses.Plus(loss);
            Stepped(trainer.Steps, last);
        }
    }

    /// <summary>The next step after which something is due.</summary>
    private long NextHalt() => new[] { pace.EvalEvery, pace.CheckpointEvery, pace.WatchEvery }.Where(every => every > 0)
        .Select(every => (trainer.Steps / every + 1) * every).Append(pace.Iterations).Min();

    private bool IsDue(int every) => trainer.Steps % every == 0;

    private void Save()
    {
        var bag = new TensorBag();
        trainer.Save(bag, "", trainer.Model.Backend);
        folder.Save(bag, _losses);
    }

    private void LogGradient(IReadOnlyList<TensorNorm> norms)
    {
        folder.Log(new
        {
            iteration = trainer.Steps,
            gradient_norm = Finite(TensorNorm.Of(norms)),
            gradient_norms = norms.ToDictionary(n => TensorNames.Short(n.Name), n => Finite(n.Norm)),
        });
        Watched(trainer.Steps, norms);
    }

    private void Log(Evaluation found) => folder.Log(new
    {
        iteration = trainer.Steps,
        train_loss = Finite(_trainLoss),
        validation_loss = Finite(found.Loss),
        perplexity = Finite(found.Perplexity),
        accuracy = Finite(found.Accuracy),
    });

    /// <summary>JSON has no word for NaN, the training loss before the first step, nor for a perplexity over the largest double: both are null.</summary>
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
