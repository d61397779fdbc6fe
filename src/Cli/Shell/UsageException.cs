namespace LoraCollab.Cli.Shell;

/// <summary>A command line that cannot be read; the hints are printed below the message, a line each.</summary>
internal sealed class UsageException(string message, params string[] hints) : UserException(message)
{
    public IReadOnlyList<string> Hints { get; } = hints;
}
