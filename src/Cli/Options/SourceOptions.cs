namespace LoraCollab.Cli.Options;

/// <summary>Which model and which text, dealt how: what has to be opened again to go back to a run.</summary>
internal sealed record SourceOptions
{
    [ModelOption]
    public string? Model { get; init; }

    [TokenizerOption]
    public string? Tokenizer { get; init; }

    [Options]
    public TextOptions Text { get; init; } = new();

    [Options]
    public PartitionOptions Deal { get; init; } = new();
}
