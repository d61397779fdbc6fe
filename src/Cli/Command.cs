using CommandLine;

namespace LoraCollab.Cli;

/// <summary>
/// One command: its options as properties and what it does. Numbers are kept as text and read by <see cref="Parsing.Numbers"/>, since the parser library
/// reads "0,5" as 5; an option that is null was not given.
/// </summary>
internal abstract class Command
{
    [Option("json", HelpText = "Print the result as JSON, and nothing else, on standard output.")]
    public bool Json { get; set; }

    [Option("quiet", HelpText = "Print the result only: no plan, no progress.")]
    public bool Quiet { get; set; }

    /// <summary>Words that belong to no option, such as the OP of <c>explain OP</c>; more than <see cref="MostWords"/> are refused.</summary>
    [Value(0, Hidden = true)]
    public IEnumerable<string> Words { get; set; } = [];

    /// <summary>How many <see cref="Words"/> the command takes.</summary>
    internal virtual int MostWords => 0;

    /// <summary>Runs the command and returns the exit code.</summary>
    public abstract int Run(CommandContext context);
}
