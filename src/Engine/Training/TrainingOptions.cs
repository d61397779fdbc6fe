namespace LoraCollab.Engine.Training;

/// <summary>How one model or adapter is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>B, sequences of a micro-batch.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Micro-batches whose mean gradient makes one step.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>T.</summary>
    public int SequenceLength { get; init; } = 64;

    public LearningRateSchedule Schedule { get; init; } = new ConstantRate(2e-3);

    public AdamWOptions AdamW { get; init; } = new();

    public DropoutRates Dropout { get; init; } = DropoutRates.None;

    /// <summary>The seed of dropout.</summary>
    public ulong Seed { get; init; }
}
