namespace LoraCollab.Cli.Parsing;

/// <summary>Options by the names that papers and other programs give them, where no spelling leads from one to the other.</summary>
internal static class Synonyms
{
    private static readonly Dictionary<string, string> s_known = new(StringComparer.Ordinal)
    {
        ["--top-k"] = "--neighbours",
        ["--topk"] = "--neighbours",
        ["--neighbors"] = "--neighbours",
        ["--effective-neighbors"] = "--effective-neighbours",
        ["--tau"] = "--temperature",
        ["--learning-rate"] = "--lr",
        ["--epochs"] = "--iterations",
        ["--grad-accumulation"] = "--acc-steps",
        ["--block-size"] = "--sequence-length",
        ["--wd"] = "--weight-decay",
        ["--output"] = "--out",
        ["--dataset"] = "--data",
        ["--device"] = "--backend",
        ["--fedavg-by-tokens"] = "--schemes fedavg_tokens",
    };

    /// <summary>The option that a word of the command line was meant to be: a known synonym or the nearest by spelling; null where there is none.</summary>
    /// <param name="word">With its dashes.</param>
    /// <param name="options">Those that there are.</param>
    public static string? Guess(string word, IReadOnlyList<OptionDeclaration> options) =>
        s_known.TryGetValue(word, out string? known) && options.Any(o => "--" + o.Name == known.Split(' ')[0]) ? known
            : Nearest.To(word, options.Select(o => "--" + o.Name));
}
