namespace LoraCollab.Cli.Bench;

/// <summary>What is timed: sizes, batch, adapters. The defaults are those of a GPT-2 of 124 M parameters.</summary>
internal sealed record BenchPlan(GptConfig Config, int Batch, int Length, LoraOptions Lora, int Steps, double Dropout, BackendChoice Backend)
{
    public const ulong Seed = 1;
    public const double Rate = 2e-3;

    private const double Alpha = 32;
    private const float LoraDropout = 0.1f;

    public int TokensPerStep => Batch * Length;

    public static BenchPlan Of(BenchOptions options)
    {
        BatchSizeOptionAttribute.RequireAddressable(options.BatchSize, options.SequenceLength);
        var lora = new LoraOptions { Rank = options.Rank, Alpha = Alpha, Dropout = LoraDropout, Targets = options.Targets };
        return new BenchPlan(options.Sizes(options.SequenceLength), options.BatchSize, options.SequenceLength, lora, options.Iterations, options.Dropout,
            options.Machine);
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
