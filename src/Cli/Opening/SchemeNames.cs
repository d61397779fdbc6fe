namespace LoraCollab.Cli.Opening;

/// <summary>Names of schemes as an option gives them.</summary>
internal static class SchemeNames
{
    /// <summary>Each checked; null where the option was not given.</summary>
    /// <param name="option">For errors.</param>
    /// <param name="text">Names by commas; null: not given.</param>
    /// <param name="offered">Those that an error lists; null: all.</param>
    public static string[]? Of(string option, string? text, IReadOnlyList<string>? offered = null)
    {
        string[]? names = text?.Split(',');
        return names?.FirstOrDefault(n => !StrategyRegistry.Names.Contains(n)) is { } unknown
            ? throw OptionException.Unknown(option, unknown, offered ?? StrategyRegistry.Names) : names;
    }
}
