namespace LoraCollab.Engine.Training;

/// <summary>Steps, evaluations and checkpoints of one training into a folder, from its beginning or from where its last checkpoint left it.</summary>
public sealed class TrainingLoop(TrainingFolder folder, TrainingJob job, TrainingPace pace)
{
    private double _sum;
    private int _counted;

    /// <summary>Told after each step how many there are now, and the last evaluation.</summary>
    public required Action<long, Evaluation> Stepped { get; init; }

    /// <summary>Told the norms of a gradient that is looked at.</summary>
    public required Action<IReadOnlyList<TensorNorm>> Watched { get; init; }

    /// <summary>Mean training loss of the steps since the evaluation before; NaN before the first step.</summary>
    public double TrainLoss { get; private set; } = double.NaN;

    /// <summary>Trains to the end and returns the last evaluation.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop; the checkpoint is written.</exception>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite.</exception>
    public Evaluation Run(CancellationToken stop)
    {
        if (folder.Last is { } checkpoint)
        {
            job.Load(checkpoint.Tensors);
            (_sum, _counted) = (checkpoint.LossSum, checkpoint.LossCount);
        }
        var last = job.Start is { } known && job.Steps() == 0 ? known : job.Evaluate();
        if (job.Steps() == 0) Log(last);
        for (long step = job.Steps(); step < pace.Iterations;)
        {
            _sum += job.Step();
            (step, _counted) = (step + 1, _counted + 1);
            if (pace.WatchEvery > 0 && step % pace.WatchEvery == 0) LogGradient();
            if (step % pace.EvalEvery == 0 || step == pace.Iterations)
            {
                (TrainLoss, _sum, _counted) = (_sum / _counted, 0, 0);
                last = job.Evaluate();
                Log(last);
            }
            Stepped(step, last);
            if (step == pace.Iterations) break;
            if (stop.IsCancellationRequested || step % pace.CheckpointEvery == 0) Save();
            stop.ThrowIfCancellationRequested();
        }
        return last;
    }

    private void Save()
    {
        var bag = new TensorBag();
        job.Save(bag);
        folder.Save(bag, _sum, _counted);
    }

    private void LogGradient()
    {
        var norms = job.Norms();
        folder.Log(new
        {
            iteration = job.Steps(),
            gradient_norm = Finite(TensorNorm.Of(norms)),
            gradient_norms = norms.ToDictionary(n => TensorNames.Short(n.Name), n => Finite(n.Norm)),
        });
        Watched(norms);
    }

    private void Log(Evaluation found) => folder.Log(new
    {
        iteration = job.Steps(),
        train_loss = Finite(TrainLoss),
        validation_loss = Finite(found.Loss),
        perplexity = Finite(found.Perplexity),
        accuracy = Finite(found.Accuracy),
    });

    /// <summary>JSON has no word for NaN, the training loss before the first step, nor for a perplexity over the largest double: both are null.</summary>
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
