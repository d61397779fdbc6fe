namespace LoraCollab.Cli.Inspect;

/// <summary>A text to look at, before and after an adapter, or under two clients' adapters.</summary>
internal abstract class ComparisonOptions : Command
{
    [Option("text", OptionGroup.Data, "The text to look at, at most as many tokens as the model's context.", Value = "TEXT", Common = true)]
    public string? Text { get; init; }

    [AdapterOption]
    public string? Adapter { get; init; }

    [RunOption]
    public string? RunPath { get; init; }

    [SchemesOption(Default = "of lowest perplexity")]
    public string? Schemes { get; init; }

    [Option("client", OptionGroup.Data, "With --run: whose adapter.", Value = "I", Least = 0)]
    public int Client { get; init; }

    [Option("other", OptionGroup.Data, "With --run: a second client; its adapter is compared with the first's.", Value = "J", Least = 0)]
    public int? Other { get; init; }

    [ModelOption]
    public string? Model { get; init; }

    [TokenizerOption]
    public string? Tokenizer { get; init; }

    [Options]
    public BackendChoice Machine { get; init; } = new();

    /// <summary>The text of --text.</summary>
    public string TextToLookAt => Required("text", "the text to look at");
}
