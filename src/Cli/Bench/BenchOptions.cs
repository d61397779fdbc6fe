namespace LoraCollab.Cli.Bench;

/// <summary>The size of the model that is timed; defaults are GPT-2's.</summary>
internal abstract class BenchModelOptions : Command
{
    [LayersOption]
    public int Layers { get; init; } = 12;

    [HeadsOption]
    public int Heads { get; init; } = 12;

    [ChannelsOption]
    public int Embd { get; init; } = 768;

    [VocabularyOption]
    public int Vocab { get; init; } = 50257;

    [Options]
    public BackendChoice Machine { get; init; } = new() { Standard = BackendKind.Host };

    /// <summary>The model, with a position table for <paramref name="context"/> tokens.</summary>
    public GptConfig Sizes(int context)
    {
        var config = new GptConfig(Layers, Heads, Embd, Vocab, context) { Gelu = GeluForm.Erf };
        if (config.Channels % config.Heads != 0) throw new UserException($"--heads {config.Heads} does not divide --embd {config.Channels}");
        return config.Checked("--layers, --heads, --embd, --vocab");
    }
}

/// <summary>The model, the batch and the adapters that are timed.</summary>
internal abstract class BenchOptions : BenchModelOptions
{
    [BatchSizeOption]
    public int BatchSize { get; init; } = 4;

    [SequenceLengthOption]
    public int SequenceLength { get; init; } = 64;

    [RankOption]
    public int Rank { get; init; } = 4;

    [TargetsOption]
    public LoraTargets Targets { get; init; } = LoraTargets.All;

    [IterationsOption]
    public int Iterations { get; init; } = 6;

    [DropoutOption]
    public double Dropout { get; init; }
}
