using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("pretrain", HelpText = "Train a whole GPT-2 from random weights.")]
internal sealed class PretrainCommand
    : Command, ITokenizerOption, ICorpusOptions, ITrainingOptions, IEvaluationOptions, ISeedOption, IBackendOptions, IDebugOption, IWatchOption, IRunFolderOptions
{
    private const double Beta2 = 0.99, ClipNorm = 1;

    [Option("layers", MetaValue = "L", HelpText = "Blocks.")]
    public string? Layers { get; set; }

    [Option("heads", MetaValue = "NH", HelpText = "Attention heads of a block.")]
    public string? Heads { get; set; }

    [Option("embd", MetaValue = "C", HelpText = "Channels: the width of the model.")]
    public string? Embd { get; set; }

    [Option("context", MetaValue = "T", HelpText = "Longest sequence the model will know. Default: the sequence length.")]
    public string? Context { get; set; }

    public string? Tokenizer { get; set; }
    public string? Data { get; set; }
    public string? TextField { get; set; }
    public string? CategoryField { get; set; }
    public string? Iterations { get; set; }
    public string? BatchSize { get; set; }
    public string? AccSteps { get; set; }
    public string? SequenceLength { get; set; }
    public string? Lr { get; set; }

    [Option("warmup", MetaValue = "N",
        HelpText = "Iterations in which the learning rate rises; then it falls along a cosine to a tenth. Default: 100, at most a tenth of the run.")]
    public string? Warmup { get; set; }

    [Option("weight-decay", MetaValue = "X", HelpText = "AdamW's weight decay. Default: 0.1 for pretrain, 0.001 for adapters.")]
    public string? WeightDecay { get; set; }

    public string? Dropout { get; set; }
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
        new("A character model of one text file", new PretrainCommand { Data = "text.txt", Tokenizer = "chars", Layers = "4", Heads = "4", Embd = "128", Iterations = "2000", Lr = "2e-3", Out = "my-model" }),
    ];

    public override int Run(CommandContext context)
    {
        Required.Option("pretrain", "--out", Out, "the folder for the model");
        string tokenizerName = Required.Option("pretrain", "--tokenizer", Tokenizer, "a tokenizer's folder, or chars for one token a character");
        int iterations = Numbers.Whole("--iterations", Iterations, 2000);
        var options = Training(iterations);
        var choice = BackendChoice.Of(this);
        var pace = TrainingPlan.PaceOf(this, iterations, checkpointEvery: 100);
        var corpus = CorpusChoice.Open(this, context.Error);
        var tokenizer = tokenizerName == "chars" ? CharacterTokenizer.FromTexts(corpus.Documents.Select(d => d.Text)) : Tokenizers.Load(tokenizerName);
        var config = Config(tokenizer.VocabularySize, options.SequenceLength);
        return new TrainingPlan
        {
            Subject = $"{Format.Count(config.Layout().Length)} parameters ({config.Layers} layers, {config.Heads} heads, {config.Channels} channels, "
                + $"{Format.Count(config.Vocabulary)} tokens)",
            Identity = config,
            Text = TrainingText.Of(this, corpus, tokenizer, options, context.Error),
            Options = options,
            Pace = pace,
            Choice = choice,
            Memory = MemoryEstimate.ForFullTraining(config, options.BatchSize, options.SequenceLength, choice.Size),
            Model = backend => GptModel.ForTraining(backend, new RandomWeights(config, options.Seed)),
            Begin = model => new FullTrainer(model, options),
            Save = trainer =>
            {
                HfCheckpoint.Save(Out!, trainer.Model);
                tokenizer.Save(Out!);
            },
            Result = found => $"validation loss {Format.Fixed(found.Last.Loss, 4)}, perplexity {Format.Perplexity(found.Last.Perplexity)}, "
                + $"accuracy {Format.Fixed(found.Last.Accuracy * 100, 1)} % after {iterations} steps in {Format.Duration(found.Time)}; model",
        }.Run(context, "pretrain", this);
    }

    private GptConfig Config(int vocabulary, int sequenceLength)
    {
        var config = new GptConfig(Numbers.Whole("--layers", Layers, 4), Numbers.Whole("--heads", Heads, 4), Numbers.Whole("--embd", Embd, 128), vocabulary,
            Numbers.Whole("--context", Context, sequenceLength, sequenceLength))
        { Gelu = GeluForm.Tanh };
        if (config.Channels % config.Heads != 0) throw new UserException($"--heads {config.Heads} does not divide --embd {config.Channels}");
        return config.Checked("--layers, --heads, --embd");
    }

    private TrainingOptions Training(int iterations)
    {
        int length = Numbers.Whole("--sequence-length", SequenceLength, 64);
        double rate = Numbers.Positive("--lr", Lr, 2e-3);
        return new TrainingOptions
        {
            BatchSize = Numbers.Batch("--batch-size", BatchSize, 12, length),
            AccumulationSteps = Numbers.Whole("--acc-steps", AccSteps, 1),
            SequenceLength = length,
            Schedule = new WarmupCosine(rate, rate / 10, Numbers.Whole("--warmup", Warmup, Math.Min(100, iterations / 10), 0), iterations),
            AdamW = new AdamWOptions
            {
                Beta2 = Beta2,
                WeightDecay = Numbers.Real("--weight-decay", WeightDecay, 0.1, 0),
                DecayVectors = false,
                ClipNorm = ClipNorm,
            },
            Dropout = DropoutRates.Of((float)Numbers.Dropout("--dropout", Dropout, 0), 0),
            Seed = Numbers.Seed("--seed", Seed, 1),
        };
    }
}
