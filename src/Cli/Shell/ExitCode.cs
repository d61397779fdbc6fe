namespace LoraCollab.Cli.Shell;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The run failed: a loss that is not finite, a full disk, a gradient that is wrong.</summary>
    public const int Failed = 1;

    /// <summary>The user's input: a flag, a value, a file.</summary>
    public const int UserError = 2;

    /// <summary>Stopped by SIGHUP, as when the terminal is closed: 128 + 1.</summary>
    public const int HungUp = 129;

    /// <summary>Stopped by SIGINT (Ctrl-C): 128 + 2.</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGQUIT (Ctrl-\): 128 + 3.</summary>
    public const int Quit = 131;

    /// <summary>Stopped because nobody reads standard output any more: 128 + 13, as of SIGPIPE.</summary>
    public const int OutputGone = 141;

    /// <summary>Stopped by SIGTERM: 128 + 15.</summary>
    public const int Terminated = 143;
}
