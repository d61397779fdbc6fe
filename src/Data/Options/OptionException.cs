namespace LoraCollab.Data.Options;

/// <summary>
/// A value that an option cannot have. The message names the option in words, "sequence length 512: …"; a command line spells it in its own way.
/// </summary>
/// <param name="option">The option's name, such as sequence-length.</param>
/// <param name="value">What was given; null where the message speaks of no value.</param>
/// <param name="problem">What was expected and what to do.</param>
/// <param name="cause">Why, where another exception says so.</param>
public sealed class OptionException(string option, object? value, string problem, Exception? cause = null)
    : UserException(Text(option.Replace('-', ' '), value, problem), cause)
{
    /// <summary>The message with the option as a command line spells it.</summary>
    public string Spelled { get; } = Text("--" + option, value, problem);

    /// <summary>A word that is none of those there are: names the nearest and lists all.</summary>
    public static OptionException Unknown(string option, string text, IEnumerable<string> words) => new(option, $"'{text}'",
        $"expected {string.Join(", ", words)}{(Nearest.To(text, words) is { } guess ? $"; did you mean {guess}?" : "")}");

    private static string Text(string name, object? value, string problem) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}{(value is null ? "" : " ")}{value}: {problem}");
}
