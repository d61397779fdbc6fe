namespace LoraCollab.Cli.Inspect;

/// <summary>Which model's gradients are looked at, on which text, and after how many steps.</summary>
internal abstract class GradientOptions : Command
{
    [ModelOption]
    public string? Model { get; init; }

    [TokenizerOption]
    public string? Tokenizer { get; init; }

    [Options]
    public TextOptions Text { get; init; } = new();

    [AdapterOption]
    public string? Adapter { get; init; }

    [ModeOption]
    public string Mode { get; init; } = "lora";

    [IterationsOption(Least = 0)]
    public int Iterations { get; init; }

    [BatchSizeOption]
    public int BatchSize { get; init; } = 4;

    [SequenceLengthOption(Default = "64")]
    public int? SequenceLength { get; init; }

    [LearningRateOption]
    public double Lr { get; init; } = 2e-3;

    [DropoutOption]
    public double Dropout { get; init; }

    [Options]
    public LoraOptions Lora { get; init; } = new();

    [SeedOption]
    public ulong Seed { get; init; } = 1;

    [Options]
    public BackendChoice Machine { get; init; } = new();
}
