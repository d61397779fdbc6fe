namespace LoraCollab.Cli.Training;

/// <summary>What `train` or `pretrain` is about to do, and its doing: the plan's line, the folder, the training with progress, the summary.</summary>
internal sealed record TrainingPlan
{
    /// <summary>What is trained, for people: how many parameters of which model.</summary>
    public required string Subject { get; init; }

    /// <summary>What the result depends on beside text, options and backend.</summary>
    public required object Identity { get; init; }

    public required TrainingText Text { get; init; }
    public required TrainingOptions Options { get; init; }
    public required MemoryEstimate Memory { get; init; }

    /// <summary>The model on a backend.</summary>
    public required Func<ComputeBackend, GptModel> Model { get; init; }

    /// <summary>What trains it, before its first step.</summary>
    public required Func<GptModel, Trainer> Begin { get; init; }

    /// <summary>Writes what was trained into the folder.</summary>
    public required Action<Trainer> Save { get; init; }

    /// <summary>The base's name; null where there is none.</summary>
    public string? Base { get; init; }

    /// <summary>The result in one line.</summary>
    public required Func<TrainingResult, string> Result { get; init; }

    /// <summary>Says the plan and, unless that is all that is asked for, carries it out.</summary>
    /// <param name="name">The command's.</param>
    /// <returns>The exit code.</returns>
    public int Run(CommandContext context, string name, TrainingCommand command)
    {
        var pace = command.Pace;
        Memory.Require();
        if (command.Resume && command.Fresh) throw new UserException("--resume and --fresh exclude each other: go on from the checkpoint, or run anew");
        TrainingFolder.Check(command.Out!, command.Resume, command.Fresh);
        bool quiet = command.Quiet || command.Json;
        if (!quiet)
            context.Out.WriteLine($"{name}: {Subject}, {Format.Count(Text.Train.Length)} tokens of {Text.Corpus.Name} "
                + $"({Format.Count(Text.Validation.Length)} held out), {pace.Iterations} steps of "
                + $"{Options.BatchSize * Options.AccumulationSteps} × {Options.SequenceLength} tokens; {Format.Bytes(Memory.Total)} of memory");
        if (command.DryRun) return ExitCode.Success;

        using var folder = TrainingFolder.Open(command.Out!, command.Resume, command.Fresh, IdentityText(pace, command.Machine.Kind),
            note => context.Error.WriteLine($"warning: {note}"));
        using var backend = command.Machine.Open();
        using var model = Model(backend);
        using var trainer = Begin(model);
        var result = Train(context, pace, quiet, folder, trainer);
        Save(trainer);
        var summary = Summary(pace, trainer, result);
        folder.Finish(JsonText.File(summary));
        context.Out.WriteLine(command.Json ? JsonText.Line(summary) : $"{Result(result)} in {command.Out}");
        return ExitCode.Success;
    }

    private TrainingResult Train(CommandContext context, TrainingPace pace, bool quiet, TrainingFolder folder, Trainer trainer)
    {
        var stop = context.StopGracefully(StopSignal.Resume);
        return ProgressView.Watch(context.Terminal, quiet, progress => new TrainingRun(folder, trainer, Text.Sampler.Fill, Text.Windows, pace)
        {
            Stepped = (step, last) => progress.Report(
                $"iteration {step}/{pace.Iterations}, validation loss {Format.Fixed(last.Loss, 4)}", (double)step / pace.Iterations),
            Watched = (step, norms) => progress.Note(WatchLine.Of(step, norms)),
        }.Run(stop));
    }

    /// <summary>Everything that the result depends on; the same settings give other numbers where the arithmetic has changed.</summary>
    private string IdentityText(TrainingPace pace, BackendKind kind)
    {
        var options = new
        {
            Options.BatchSize,
            Options.AccumulationSteps,
            Options.SequenceLength,
            schedule = (object)Options.Schedule,
            Options.AdamW,
            Options.Dropout,
            Options.Seed,
        };
        return $"{RunIdentity.CurrentResultVersion} " + JsonText.Line(new
        {
            what = Identity,
            tokenizer = Text.Tokenizer.Hash,
            corpus = Text.Corpus.Hash,
            pace.Iterations,
            options,
            Kind = kind,
        });
    }

    private Dictionary<string, object> Summary(TrainingPace pace, Trainer trainer, TrainingResult result)
    {
        Dictionary<string, object> summary = [];
        if (Base is not null) summary["model"] = Base;
        summary["data"] = Text.Corpus.Name;
        summary["seed"] = Options.Seed;
        summary["iterations"] = pace.Iterations;
        summary[Base is null ? "parameters" : "adapter_parameters"] = trainer.Layout.Length;
        summary["train_tokens"] = Text.Train.Length;
        summary["validation_tokens"] = Text.Validation.Length;
        if (result.Base is { } bare) (summary["base_loss"], summary["base_perplexity"]) = (bare.Loss, bare.Perplexity);
        summary["train_loss"] = result.TrainLoss;
        summary["validation_loss"] = result.Last.Loss;
        summary["perplexity"] = result.Last.Perplexity;
        summary["accuracy"] = result.Last.Accuracy;
        summary["seconds"] = Math.Round(result.Time.TotalSeconds, 2);
        return summary;
    }
}
