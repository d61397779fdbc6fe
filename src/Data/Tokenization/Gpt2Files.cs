namespace LoraCollab.Data.Tokenization;

/// <summary>
/// The files of a byte-level BPE tokenizer as GPT-2's: vocab.json with merges.txt (encoder.json with vocab.bpe under OpenAI's names), tokenizer.json, or both
/// where they agree; beside them what <see cref="TokenizerConfig"/> reads.
/// </summary>
internal static class Gpt2Files
{
    private static readonly (string Vocabulary, string Merges)[] Names = [("vocab.json", "merges.txt"), ("encoder.json", "vocab.bpe")];

    /// <summary>Loads them; null where the folder has none.</summary>
    /// <exception cref="UserException">A file is missing, truncated or foreign, asks for what is not supported, or two of them contradict each
    /// other.</exception>
    public static Gpt2Tokenizer? TryLoad(string folder)
    {
        string json = Path.Combine(folder, FastTokenizerFile.FileName);
        var pair = Names.FirstOrDefault(n => File.Exists(Path.Combine(folder, n.Vocabulary)) || File.Exists(Path.Combine(folder, n.Merges)));
        var fast = File.Exists(json) ? FastTokenizerFile.Read(json) : null;
        var slow = pair.Vocabulary is null ? null : ReadPair(folder, pair.Vocabulary, pair.Merges);
        if ((slow ?? fast?.Tokens) is not { } tokens) return null;

        var config = TokenizerConfig.Read(folder);
        if (config.AddPrefixSpace is { } prefix && fast is not null && fast.AddPrefixSpace != prefix)
            throw new UserException($"{folder}: add_prefix_space is {Word(prefix)} in {TokenizerConfig.FileName} and {Word(fast.AddPrefixSpace)} in "
                + $"{FastTokenizerFile.FileName}; make them one");
        AddedToken[] added = [.. config.Added, .. fast?.Added ?? []];
        if (fast is not null) AddSpecial(fast.Tokens, added, config.Named);
        if (slow is not null) AddSpecial(slow, added, config.Named);
        if (fast is not null) slow?.RequireSame(fast.Tokens);
        if (config.EndOfText is { } end && !tokens.Ids.ContainsKey(end.Token))
            throw new UserException($"{end.Origin}: eos_token is {ForeignText.Quoted(end.Token)}, which the vocabulary lacks; give the token that ends a "
                + "text, or null");
        return new Gpt2Tokenizer(new Gpt2Vocabulary(tokens.InIdOrder(), [.. tokens.Merges], tokens.Source, tokens.Special, config.EndOfText?.Token)
        {
            AddPrefixSpace = config.AddPrefixSpace ?? fast?.AddPrefixSpace ?? false,
        });
    }

    private static TokenTable ReadPair(string folder, string vocabulary, string merges)
    {
        string vocabularyFile = Path.Combine(folder, vocabulary), mergesFile = Path.Combine(folder, merges);
        string? missing = !File.Exists(vocabularyFile) ? vocabulary : !File.Exists(mergesFile) ? merges : null;
        if (missing is not null) throw new UserException($"{folder}: {vocabulary} and {merges} belong together, but {missing} is missing");
        var tokens = new TokenTable(vocabularyFile);
        tokens.AddTokens(HfJson.Read(vocabularyFile));
        MergesFile.Read(mergesFile, tokens);
        return tokens;
    }

    /// <summary>Added tokens that are special get their ids, and no text is ever read as one; others, which a text would have to be searched for, are
    /// refused.</summary>
    private static void AddSpecial(TokenTable tokens, AddedToken[] added, IReadOnlySet<string> named)
    {
        HashSet<string> special = [Gpt2Vocabulary.EndOfTextToken, .. named, .. added.Where(t => t.Special is true).Select(t => t.Content)];
        foreach (var token in added)
        {
            if (!special.Contains(token.Content))
                throw new UserException($"{token.Origin}: the added token {ForeignText.Quoted(token.Content)} is not special: texts would be searched for "
                    + "it before they are cut into words, which this program does not do");
            tokens.AddSpecial(token.Content, token.Id, token.Origin);
        }
        tokens.Special.UnionWith(special);
    }

    private static string Word(bool value) => value ? "true" : "false";
}
