namespace LoraCollab.Cli.Bench;

/// <summary>What is timed: sizes, batch, adapters. The defaults are those of a GPT-2 of 124 M parameters.</summary>
internal sealed record BenchPlan(GptConfig Config, int Batch, int Length, LoraOptions Lora, int Steps, double Dropout, BackendChoice Backend)
{
    public const ulong Seed = 1;
    public const double Rate = 2e-3;

    private const double Alpha = 32;
    private const float LoraDropout = 0.1f;

    public int TokensPerStep => Batch * Length;

    public static BenchPlan Of(IBenchOptions options)
    {
        int length = Numbers.Whole("--seq", options.Seq, 64);
        var config = Sizes(options, length);
        var lora = new LoraOptions
        {
            Rank = Numbers.Whole("--rank", options.Rank, 4),
            Alpha = Alpha,
            Dropout = LoraDropout,
            Targets = LoraForm.Targets(options.Targets) ?? LoraTargets.All,
        };
        return new BenchPlan(config, Numbers.Batch("--batch", options.Batch, 4, length), length, lora,
            Numbers.Whole("--steps", options.Steps, 6), Numbers.Dropout("--dropout", options.Dropout, 0), BackendChoice.Of(options, BackendKind.Host));
    }

    /// <summary>The model of the options, with a position table for <paramref name="context"/> tokens.</summary>
    public static GptConfig Sizes(IBenchModelOptions options, int context)
    {
        var config = new GptConfig(Numbers.Whole("--layers", options.Layers, 12), Numbers.Whole("--heads", options.Heads, 12), Numbers.Whole("--embd", options.Embd, 768),
            Numbers.Whole("--vocab", options.Vocab, 50257), context)
        { Gelu = GeluForm.Erf };
        if (config.Channels % config.Heads != 0) throw new UserException($"--heads {config.Heads} does not divide --embd {config.Channels}");
        return config.Checked("--layers, --heads, --embd, --vocab");
    }

    /// <summary>How a client is trained: AdamW at a constant rate.</summary>
    public TrainingOptions Training(bool lora) => new()
    {
        BatchSize = Batch,
        SequenceLength = Length,
        Schedule = new ConstantRate(Rate),
        Dropout = DropoutRates.Of((float)Dropout, lora ? Lora.Dropout : 0),
        Seed = Seed,
    };

    /// <inheritdoc cref="RandomTokens(int, ulong, int)"/>
    public BatchFill RandomTokens(int stream) => RandomTokens(Config.Vocabulary, Seed, stream);

    /// <summary>Random tokens, new ones for every step and stream.</summary>
    public static BatchFill RandomTokens(int vocabulary, ulong seed, int stream)
    {
        var random = new CounterRandom(seed, RandomPurpose.TrainingWindows, stream);
        return (step, micro, inputs, targets) =>
        {
            var draw = random.At(step);
            for (int i = 0; i < inputs.Length; i++) (inputs[i], targets[i]) = (draw.Below(vocabulary, 2L * i), draw.Below(vocabulary, 2L * i + 1));
        };
    }
}
