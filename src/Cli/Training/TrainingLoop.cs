using LoraCollab.Engine;
using LoraCollab.Report;
using LoraCollab.Report.Gradients;

namespace LoraCollab.Cli.Training;

/// <summary>Steps, evaluations and checkpoints of one training run, with progress.</summary>
internal sealed class TrainingLoop(TrainingFolder folder, TrainingJob job, int iterations, int evalEvery, int checkpointEvery)
{
    /// <summary>Iterations between looks at the gradient; 0: none.</summary>
    public int Watch { get; init; }

    /// <summary>Mean training loss of the steps since the evaluation before.</summary>
    public double TrainLoss { get; private set; } = double.NaN;

    /// <summary>Trains to the end and returns the last evaluation.</summary>
    /// <param name="start">What an evaluation before the first step would find, where that is known.</param>
    /// <exception cref="OperationCanceledException">A signal asked to stop; the checkpoint is written.</exception>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite.</exception>
    public Evaluation Run(CommandContext context, bool quiet, TensorBag? checkpoint, Evaluation? start = null)
    {
        var stop = context.StopGracefully(StopSignal.Resume);
        if (checkpoint is not null)
        {
            job.Load(checkpoint);
            folder.Rewind(job.Steps());
        }
        return ProgressView.Watch(context.Terminal, quiet, progress => Run(progress, stop, start));
    }

    private Evaluation Run(ProgressView progress, CancellationToken stop, Evaluation? start)
    {
        var last = start is { } known && job.Steps() == 0 ? known : Evaluate();
        if (job.Steps() == 0) Log(last);
        double sum = 0;
        int counted = 0;
        for (long step = job.Steps(); step < iterations;)
        {
            sum += job.Step();
            (step, counted) = (step + 1, counted + 1);
            if (Watch > 0 && step % Watch == 0) LogGradient(progress);
            if (step % evalEvery == 0 || step == iterations)
            {
                (TrainLoss, sum, counted) = (sum / counted, 0, 0);
                last = Evaluate();
                Log(last);
            }
            progress.Report($"iteration {step}/{iterations}, validation loss {Format.Fixed(last.Loss, 4)}", (double)step / iterations);
            if (step < iterations && (stop.IsCancellationRequested || step % checkpointEvery == 0)) Checkpoint();
            if (step < iterations) stop.ThrowIfCancellationRequested();
        }
        return last;
    }

    private Evaluation Evaluate() => job.Evaluate();

    private void Checkpoint()
    {
        var bag = new TensorBag();
        job.Save(bag);
        folder.SaveCheckpoint(bag, job.Identity);
    }

    private void LogGradient(ProgressView progress)
    {
        var norms = job.Norms();
        folder.Log(new
        {
            iteration = job.Steps(),
            gradient_norm = TensorNorm.Of(norms),
            gradient_norms = norms.ToDictionary(n => TensorGradient.Shorten(n.Name), n => n.Norm),
        });
        progress.Note(WatchLine.Of(job.Steps(), norms));
    }

    /// <summary>Before the first step the training loss is NaN; so is a perplexity over the largest double. Both are null in the log.</summary>
    private void Log(Evaluation found) => folder.Log(new
    {
        iteration = job.Steps(),
        train_loss = TrainLoss,
        validation_loss = found.Loss,
        perplexity = found.Perplexity,
        accuracy = found.Accuracy,
    });
}
