namespace LoraCollab.Cli.Training;

/// <summary>The options that `train` and `pretrain` have both.</summary>
internal abstract class TrainingCommand : Command
{
    protected TrainingCommand(int iterations, int batchSize, int checkpointEvery) =>
        (Iterations, BatchSize, CheckpointEvery) = (iterations, batchSize, checkpointEvery);

    [TokenizerOption]
    public string? Tokenizer { get; init; }

    [Options]
    public TextOptions Text { get; init; } = new();

    [IterationsOption]
    public int Iterations { get; init; }

    [BatchSizeOption]
    public int BatchSize { get; init; }

    [AccumulationOption]
    public int AccSteps { get; init; } = 1;

    [LearningRateOption]
    public double Lr { get; init; } = 2e-3;

    [DropoutOption]
    public double Dropout { get; init; }

    [EvalEveryOption]
    public int? EvalEvery { get; init; }

    [WatchOption]
    public int? Watch { get; init; }

    [SeedOption]
    public ulong Seed { get; init; } = 1;

    [Options]
    public CheckedBackendChoice Machine { get; init; } = new();

    [OutOption]
    public string? Out { get; init; }

    [CheckpointEveryOption]
    public int CheckpointEvery { get; init; }

    [ResumeOption]
    public bool Resume { get; init; }

    [FreshOption]
    public bool Fresh { get; init; }

    [DryRunOption]
    public bool DryRun { get; init; }

    public TrainingPace Pace => new(Iterations, EvalEvery ?? Math.Max(1, Iterations / 10), CheckpointEvery, Watch ?? 0);

    /// <param name="length">T.</param>
    /// <param name="schedule">Learning rates.</param>
    /// <param name="loraDropout">On the adapters' input.</param>
    /// <exception cref="OptionException">A batch is too large.</exception>
    protected TrainingOptions Training(int length, LearningRateSchedule schedule, float loraDropout)
    {
        BatchSizeOptionAttribute.RequireAddressable(BatchSize, length);
        return new TrainingOptions
        {
            BatchSize = BatchSize,
            AccumulationSteps = AccSteps,
            SequenceLength = length,
            Schedule = schedule,
            Dropout = DropoutRates.Of((float)Dropout, loraDropout),
            Seed = Seed,
        };
    }
}
