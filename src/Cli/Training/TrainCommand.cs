namespace LoraCollab.Cli.Training;

[Verb("train", "Train one adapter on one text.")]
[Example("An adapter for one's own text, in PEFT's format", "--data letters.txt --iterations 300 --out my-adapter")]
[Example("The same one trained on, on newer text", "--adapter my-adapter --data text.txt --out my-adapter-2")]
internal sealed class TrainCommand() : TrainingCommand(iterations: 200, batchSize: 4, checkpointEvery: 10)
{
    [ModelOption]
    public string? Model { get; init; }

    [SequenceLengthOption(Default = "64")]
    public int? SequenceLength { get; init; }

    [AdapterOption(Common = true)]
    public string? Adapter { get; init; }

    [Options]
    public LoraOptions Lora { get; init; } = new();

    /// <summary>How the options say to train; also what is timed as the start of a training.</summary>
    internal TrainingOptions Training(ModelSource source, LoraOptions lora) =>
        Training(source.Window(SequenceLength, 64), new OneCycle(Lr, Iterations), lora.Dropout);

    public override int Run(CommandContext context)
    {
        string output = Required("out", "the folder for the adapter");
        using var source = ModelSource.Open(Model, Seed);
        var start = LoraForm.Start(Adapter, Lora, Given, source.Config);
        var lora = start?.Options ?? Lora;
        var options = Training(source, lora);
        return new TrainingPlan
        {
            Subject = $"{Format.Count(LoraLayout.Of(source.Config, lora).Length)} adapter parameters on {source.Name}",
            Identity = new { source.Name, source.Config, lora, adapter = start?.Hash() },
            Text = TrainingText.Of(Text.Data, Text.Open(context.Error), source.Tokenizer(Tokenizer), options, context.Error),
            Options = options,
            Memory = MemoryEstimate.ForAdapters(source.Config, lora, 1, 1, options.BatchSize, options.SequenceLength, Machine.Size),
            Model = backend => GptModel.Frozen(backend, source.Weights),
            Begin = model => Begin(new LoraTrainer(model, lora, options, client: 0), start),
            Save = trainer => new PeftAdapter(lora, ((LoraTrainer)trainer).Adapter.ToArray()).Save(output, source.Config, source.Reference),
            Base = source.Name,
            Result = found => $"perplexity {Format.Fixed(found.First!.Value.Perplexity)} → {Format.Fixed(found.Last.Perplexity)} on held-out text "
                + $"in {Format.Duration(found.Time)}; adapter",
        }.Run(context, "train", this);
    }

    private LoraTrainer Begin(LoraTrainer trainer, PeftAdapter? start)
    {
        LoraForm.Begin(trainer.Adapter, start, Seed);
        return trainer;
    }
}
