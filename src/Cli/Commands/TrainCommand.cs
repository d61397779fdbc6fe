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
        var pace = TrainingPlan.PaceOf(this, iterations, checkpointEvery: 10);
        return new TrainingPlan
        {
            Subject = $"{Format.Count(LoraLayout.Of(source.Config, lora).Length)} adapter parameters on {source.Name}",
            Identity = new { source.Name, source.Config, lora, adapter = start?.Hash() },
            Text = TrainingText.Of(this, CorpusChoice.Open(this, context.Error), source.Tokenizer(Tokenizer), options, context.Error),
            Options = options,
            Pace = pace,
            Choice = choice,
            Memory = MemoryEstimate.ForAdapters(source.Config, lora, 1, 1, options.BatchSize, options.SequenceLength, choice.Size),
            Model = backend => GptModel.Frozen(backend, source.Weights),
            Begin = model => Begin(new LoraTrainer(model, lora, options, client: 0), start, seed),
            Save = trainer => new PeftAdapter(lora, ((LoraTrainer)trainer).Adapter.ToArray()).Save(Out!, source.Config, source.Reference),
            Base = source.Name,
            Result = found => $"perplexity {Format.Fixed(found.First!.Value.Perplexity)} → {Format.Fixed(found.Last.Perplexity)} on held-out text "
                + $"in {Format.Duration(found.Time)}; adapter",
        }.Run(context, "train", this);
    }

    private static LoraTrainer Begin(LoraTrainer trainer, PeftAdapter? start, ulong seed)
    {
        LoraForm.Begin(trainer.Adapter, start, seed);
        return trainer;
    }
}
