using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("train", HelpText = "Train one adapter on one text.")]
internal sealed class TrainCommand
    : Command, IModelOption, ITokenizerOption, ICorpusOptions, ITrainingOptions, IAdapterOption, ILoraOptions, IEvaluationOptions, ISeedOption,
        IBackendOptions, IDebugOption, IWatchOption, IRunFolderOptions
{
    internal const int DefaultIterations = 200;

    public string? Model { get; set; }
    public string? Tokenizer { get; set; }
    public string? Data { get; set; }
    public string? TextField { get; set; }
    public string? CategoryField { get; set; }
    public string? Iterations { get; set; }
    public string? BatchSize { get; set; }
    public string? AccSteps { get; set; }
    public string? SequenceLength { get; set; }
    public string? Lr { get; set; }
    public string? Dropout { get; set; }
    public string? Adapter { get; set; }
    public string? Rank { get; set; }
    public string? Alpha { get; set; }
    public string? LoraDropout { get; set; }
    public string? Targets { get; set; }
    public string? EvalEvery { get; set; }
    public string? Watch { get; set; }
    public string? Seed { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }
    public string? Debug { get; set; }
    public string? Out { get; set; }
    public string? CheckpointEvery { get; set; }
    public bool Resume { get; set; }
    public bool Fresh { get; set; }
    public bool DryRun { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("An adapter for one's own text, in PEFT's format", new TrainCommand { Data = "letters.txt", Iterations = "300", Out = "my-adapter" }),
        new("The same one trained on, on newer text", new TrainCommand { Adapter = "my-adapter", Data = "text.txt", Out = "my-adapter-2" }),
    ];

    /// <summary>How the options say to train; also what is timed as the start of a training.</summary>
    internal TrainingOptions Training(ModelSource source, LoraOptions lora, int iterations, ulong seed)
    {
        int length = Numbers.Whole("--sequence-length", SequenceLength, Math.Min(64, source.Config.Context), 1, source.Config.Context);
        return new TrainingOptions
        {
            BatchSize = Numbers.Batch("--batch-size", BatchSize, 4, length),
            AccumulationSteps = Numbers.Whole("--acc-steps", AccSteps, 1),
            SequenceLength = length,
            Schedule = new OneCycle(Numbers.Positive("--lr", Lr, 2e-3), iterations),
            Dropout = DropoutRates.Of((float)Numbers.Dropout("--dropout", Dropout, 0), lora.Dropout),
            Seed = seed,
        };
    }

    public override int Run(CommandContext context)
    {
        Required.Option("train", "--out", Out, "the folder for the adapter");
        int iterations = Numbers.Whole("--iterations", Iterations, DefaultIterations);
        ulong seed = Numbers.Seed("--seed", Seed, 1);
        var choice = BackendChoice.Of(this);
        using var source = ModelSource.Open(Model, seed);
        var start = LoraForm.Start(this, source.Config);
        var lora = start?.Options ?? LoraForm.Of(this);
        var options = Training(source, lora, iterations, seed);
        var pace = TrainingRun.Pace(this, iterations, checkpointEvery: 10);
        var tokenizer = source.Tokenizer(Tokenizer);
        var text = TrainingText.Of(this, CorpusChoice.Open(this, context.Error), tokenizer, options, context.Error);
        var memory = MemoryEstimate.ForAdapters(source.Config, lora, 1, 1, options.BatchSize, options.SequenceLength, choice.Size);
        memory.Require();
        TrainingFolder.Check(Out!, Resume, Fresh);
        long parameters = LoraLayout.Of(source.Config, lora).Length;
        if (!Quiet && !Json)
            context.Out.WriteLine($"train: {Format.Count(parameters)} adapter parameters on {source.Name}, "
                + $"{Format.Count(text.Train.Length)} tokens of {text.Corpus.Name} ({Format.Count(text.Validation.Length)} held out), {iterations} steps of "
                + $"{options.BatchSize * options.AccumulationSteps} × {options.SequenceLength} tokens; {Format.Bytes(memory.Total)} of memory");
        if (DryRun) return ExitCode.Success;

        var identity = new
        {
            source.Name,
            source.Config,
            tokenizer = tokenizer.Hash,
            corpus = text.Corpus.Hash,
            iterations,
            lora,
            options.BatchSize,
            options.AccumulationSteps,
            options.SequenceLength,
            schedule = (object)options.Schedule,
            options.Dropout,
            seed,
            choice.Kind,
        };
        using var folder = TrainingRun.Open(context, this, start is null ? identity : new { identity, adapter = start.Hash() });
        using var backend = choice.Open();
        using var model = GptModel.Frozen(backend, source.Weights);
        using var trainer = new LoraTrainer(model, lora, options, client: 0);
        LoraForm.Begin(trainer.Adapter, start, seed);
        using var pass = new GptPass(model, backend, options.BatchSize, options.SequenceLength, PassKind.Lora, lora);
        var evaluator = new Evaluator(pass);
        using var norms = pace.WatchEvery == 0 ? null : new GradientNorms(backend, trainer.Adapter.Layout);
        var before = evaluator.EvaluateFinite(text.Windows, null);
        // A fresh adapter changes nothing yet.
        var first = start is null ? before : evaluator.EvaluateFinite(text.Windows, trainer.Adapter);
        var run = TrainingRun.Of(context, Quiet || Json, folder, new TrainingJob
        {
            Step = () => trainer.Step(pass, text.Sampler.Fill),
            Evaluate = () => evaluator.EvaluateFinite(text.Windows, trainer.Adapter, trainer.Steps),
            Save = bag => trainer.Save(bag, "", backend),
            Load = bag => trainer.Load(bag, "", backend),
            Steps = () => trainer.Steps,
            Norms = () => norms?.Of(backend, trainer.Adapter.Gradient) ?? [],
            Start = first,
        }, pace);

        var values = new float[parameters];
        trainer.Adapter.Download(values);
        new PeftAdapter(lora, values).Save(Out!, source.Config, source.Reference);
        var summary = new
        {
            model = source.Name,
            data = text.Corpus.Name,
            seed,
            iterations,
            adapter_parameters = parameters,
            train_tokens = text.Train.Length,
            validation_tokens = text.Validation.Length,
            base_loss = before.Loss,
            base_perplexity = before.Perplexity,
            train_loss = run.TrainLoss,
            validation_loss = run.Last.Loss,
            perplexity = run.Last.Perplexity,
            accuracy = run.Last.Accuracy,
            seconds = Math.Round(run.Time.TotalSeconds, 2),
        };
        folder.Finish(JsonText.File(summary));
        if (Json) context.Out.WriteLine(JsonText.Line(summary));
        else
            context.Out.WriteLine($"perplexity {Format.Fixed(first.Perplexity)} → {Format.Fixed(run.Last.Perplexity)} on held-out text "
                + $"in {Format.Duration(run.Time)}; adapter in {Out}");
        return ExitCode.Success;
    }
}
