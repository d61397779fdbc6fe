namespace LoraCollab.Cli;

/// <summary>What several commands take where an option is not given.</summary>
internal static class Defaults
{
    /// <summary>The built-in corpus of the quick start.</summary>
    public const string Data = "news";
}
