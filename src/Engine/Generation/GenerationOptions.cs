namespace LoraCollab.Engine.Generation;

/// <summary>How text is drawn from the model.</summary>
public sealed record GenerationOptions
{
    /// <summary>The most tokens to draw.</summary>
    [Option("length", OptionGroup.Output, "The most tokens to write.", Least = 0)]
    public int MaxTokens { get; init; } = 100;

    /// <summary>Logits are divided by it; 0 takes the most probable token, ties to the lower id.</summary>
    [TemperatureOption(OptionGroup.Output)]
    public double Temperature { get; init; } = 1;

    /// <summary>Draw only from the k most probable tokens; 0: from all.</summary>
    [Option("top-k", OptionGroup.Output, "Draw from the K most probable tokens only; 0: from all.", Value = "K", Least = 0)]
    public int TopK { get; init; }

    /// <summary>Draw only from the fewest tokens whose probabilities reach p, the last one included; 1: from all.</summary>
    [Option("top-p", OptionGroup.Output, "Draw from the fewest tokens whose probabilities reach P only.", Value = "P", Least = 0, AboveLeast = true, Most = 1)]
    public double TopP { get; init; } = 1;

    /// <summary>Draw only from ids below it, those that the tokenizer has a token for; null: from all of the model's. Embeddings are often padded beyond the
    /// tokenizer.</summary>
    public int? Vocabulary { get; init; }

    public ulong Seed { get; init; }

    /// <summary>Stops where this token is drawn; it is not part of the text.</summary>
    public int? EndOfText { get; init; }

    /// <summary>Keeps keys and values of what was read; without it every token reads the whole window again, with the same result.</summary>
    public bool Cached { get; init; } = true;

    /// <exception cref="UserException">A value makes no sense.</exception>
    public GenerationOptions Checked()
    {
        if (MaxTokens < 0) throw new UserException($"the number of tokens {MaxTokens} must not be negative");
        if (!double.IsFinite(Temperature) || Temperature < 0) throw new UserException($"temperature {Temperature} must be a number of at least 0");
        if (TopK < 0) throw new UserException($"top-k {TopK} must not be negative (0: all tokens)");
        if (!(TopP > 0 && TopP <= 1)) throw new UserException($"top-p {TopP} must be above 0 and at most 1");
        if (Vocabulary < 1) throw new UserException($"the vocabulary to draw from has {Vocabulary} tokens, expected at least one");
        return this;
    }
}
