namespace LoraCollab.Cli.Parsing;

/// <summary>Options that a command cannot do without.</summary>
internal static class Required
{
    /// <summary>The option's text.</summary>
    /// <exception cref="UsageException">It was not given; the message says what it is for.</exception>
    public static string Option(string verb, string option, string? text, string meaning) =>
        text ?? throw new UsageException($"{verb}: {option} is required: {meaning}", $"loracollab {verb} --help lists the options");
}
