namespace LoraCollab.Cli.Parsing;

/// <summary>Reads an option that takes one of a few words.</summary>
internal static class Choice
{
    /// <summary>The value that belongs to <paramref name="text"/>, or <paramref name="fallback"/> where the option was not given.</summary>
    public static T Of<T>(string option, string? text, T fallback, params (string Word, T Value)[] choices)
    {
        if (text is null) return fallback;
        foreach (var (word, value) in choices)
            if (word == text) return value;
        throw Unknown(option, text, choices.Select(c => c.Word));
    }

    /// <summary>The error for a word that is none of <paramref name="words"/>; it names the nearest and lists all.</summary>
    public static UserException Unknown(string option, string text, IEnumerable<string> words)
    {
        var all = words.ToArray();
        string nearest = Nearest.To(text, all) is { } guess ? $"; did you mean {guess}?" : "";
        return new UserException($"{option} '{text}': expected {string.Join(", ", all)}{nearest}");
    }
}
