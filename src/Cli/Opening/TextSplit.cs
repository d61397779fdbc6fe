namespace LoraCollab.Cli.Opening;

/// <summary>A corpus as one stream of tokens: all of it, or the part that is trained on or held out.</summary>
internal static class TextSplit
{
    /// <summary>The share that training commands hold out for validation: the last tenth of one text, every tenth of many documents.</summary>
    public const double HeldOut = 0.1;

    public static int[] Of(ICorpus corpus, ITokenizer tokenizer, string part, TextWriter error)
    {
        if (part == "all") return new DocumentJoiner(tokenizer).Join(corpus.Documents);
        var split = HoldOut.Split(corpus, tokenizer, HeldOut);
        if (part == "train") return split.Train;
        DataNote.HeldOut(error, corpus, split);
        return split.Validation;
    }

    /// <summary>Refuses a text without one whole window of <paramref name="length"/> tokens and the token after it.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="length">Tokens of a window.</param>
    /// <param name="what">Which text, as the message names it.</param>
    public static void RequireWindow(int[] tokens, int length, string what)
    {
        if (tokens.Length <= length)
            throw new UserException($"{what}: {tokens.Length} tokens are fewer than one window of {length} + 1; give more text or a shorter --sequence-length");
    }
}
