using System.Diagnostics;

namespace LoraCollab.Cli.Training;

/// <summary>A training into a folder as `train` and `pretrain` run it: at the pace of their options, with progress, and stopped by a signal.</summary>
/// <param name="Last">The last evaluation.</param>
/// <param name="TrainLoss">Mean training loss of the steps before it.</param>
/// <param name="Time">Of this process.</param>
internal sealed record TrainingRun(Evaluation Last, double TrainLoss, TimeSpan Time)
{
    /// <param name="options">The command's.</param>
    /// <param name="iterations">Optimiser steps.</param>
    /// <param name="checkpointEvery">Iterations between checkpoints by default.</param>
    public static TrainingPace Pace<T>(T options, int iterations, int checkpointEvery) where T : IEvaluationOptions, IRunFolderOptions, IWatchOption =>
        new(iterations, Numbers.Whole("--eval-every", options.EvalEvery, Math.Max(1, iterations / 10)),
            Numbers.Whole("--checkpoint-every", options.CheckpointEvery, checkpointEvery), Numbers.Whole("--watch", options.Watch, 0));

    /// <summary>Locks the folder of --out and makes it ready.</summary>
    /// <param name="identity">Everything that the result depends on; the same settings give other numbers where the arithmetic has changed.</param>
    public static TrainingFolder Open(CommandContext context, IRunFolderOptions options, object identity) =>
        TrainingFolder.Open(options.Out!, options.Resume, options.Fresh, $"{RunIdentity.CurrentResultVersion} {JsonText.Line(identity)}",
            note => context.Error.WriteLine($"warning: {note}"));

    /// <summary>Trains to the end.</summary>
    public static TrainingRun Of(CommandContext context, bool quiet, TrainingFolder folder, TrainingJob job, TrainingPace pace)
    {
        var stop = context.StopGracefully(StopSignal.Resume);
        var watch = Stopwatch.StartNew();
        return ProgressView.Watch(context.Terminal, quiet, progress =>
        {
            var loop = new TrainingLoop(folder, job, pace)
            {
                Stepped = (step, last) =>
                    progress.Report($"iteration {step}/{pace.Iterations}, validation loss {Format.Fixed(last.Loss, 4)}", (double)step / pace.Iterations),
                Watched = norms => progress.Note(WatchLine.Of(job.Steps(), norms)),
            };
            var last = loop.Run(stop);
            return new TrainingRun(last, loop.TrainLoss, watch.Elapsed);
        });
    }
}
