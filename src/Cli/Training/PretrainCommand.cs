namespace LoraCollab.Cli.Training;

[Verb("pretrain", "Train a whole GPT-2 from random weights.")]
[Example("A character model of one text file", "--data text.txt --tokenizer chars --layers 4 --heads 4 --embd 128 --iterations 2000 --lr 2e-3 --out my-model")]
internal sealed class PretrainCommand() : TrainingCommand(iterations: 2000, batchSize: 12, checkpointEvery: 100)
{
    private const double Beta2 = 0.99, ClipNorm = 1;

    [LayersOption]
    public int Layers { get; init; } = 4;

    [HeadsOption]
    public int Heads { get; init; } = 4;

    [ChannelsOption]
    public int Embd { get; init; } = 128;

    [Option("context", OptionGroup.Training, "Longest sequence the model will know.", Value = "T", Least = 1, Default = "the sequence length")]
    public int? Context { get; init; }

    [SequenceLengthOption]
    public int SequenceLength { get; init; } = 64;

    [Option("warmup", OptionGroup.Training, "Iterations in which the learning rate rises; then it falls along a cosine to a tenth.", Least = 0,
        Default = "100, at most a tenth of the run")]
    public int? Warmup { get; init; }

    [WeightDecayOption]
    public double WeightDecay { get; init; } = 0.1;

    public override int Run(CommandContext context)
    {
        string output = Required("out", "the folder for the model"), name = Required("tokenizer", "a tokenizer's folder, or chars for one token per character");
        var schedule = new WarmupCosine(Lr, Lr / 10, Warmup ?? Math.Min(100, Iterations / 10), Iterations);
        var options = Training(SequenceLength, schedule, loraDropout: 0) with
        {
            AdamW = new AdamWOptions { Beta2 = Beta2, WeightDecay = WeightDecay, DecayVectors = false, ClipNorm = ClipNorm },
        };
        var corpus = Text.Open(context.Error);
        var tokenizer = name == "chars" ? CharacterTokenizer.FromTexts(corpus.Documents.Select(d => d.Text)) : Tokenizers.Load(name);
        var config = Config(tokenizer.VocabularySize);
        return new TrainingPlan
        {
            Subject = $"{Format.Count(config.Layout().Length)} parameters ({config.Layers} layers, {config.Heads} heads, {config.Channels} channels, "
                + $"{Format.Count(config.Vocabulary)} tokens)",
            Identity = config,
            Text = TrainingText.Of(Text.Data, corpus, tokenizer, options, context.Error),
            Options = options,
            Memory = MemoryEstimate.ForFullTraining(config, options.BatchSize, options.SequenceLength, Machine.Size),
            Model = backend => GptModel.ForTraining(backend, new RandomWeights(config, options.Seed)),
            Begin = model => new FullTrainer(model, options),
            Save = trainer =>
            {
                HfCheckpoint.Save(output, trainer.Model);
                tokenizer.Save(output);
            },
            Result = found => $"validation loss {Format.Fixed(found.Last.Loss, 4)}, perplexity {Format.Perplexity(found.Last.Perplexity)}, "
                + $"accuracy {Format.Fixed(found.Last.Accuracy * 100, 1)} % after {Iterations} steps in {Format.Duration(found.Time)}; model",
        }.Run(context, "pretrain", this);
    }

    private GptConfig Config(int vocabulary)
    {
        if (Context < SequenceLength)
            throw new OptionException("context", $"'{Context}'", $"expected a whole number of at least {SequenceLength}, the sequence length");
        var config = new GptConfig(Layers, Heads, Embd, vocabulary, Context ?? SequenceLength) { Gelu = GeluForm.Tanh };
        if (config.Channels % config.Heads != 0) throw new UserException($"--heads {config.Heads} does not divide --embd {config.Channels}");
        return config.Checked("--layers, --heads, --embd");
    }
}
