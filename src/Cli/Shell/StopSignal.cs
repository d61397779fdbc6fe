using System.Runtime.InteropServices;

namespace LoraCollab.Cli.Shell;

/// <summary>
/// Turns SIGHUP, SIGINT, SIGQUIT and SIGTERM into a cancelled token for a command that can stop gracefully, and ends the process at once for one that cannot,
/// or at the second signal.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private static readonly (PosixSignal Signal, int ExitCode)[] s_signals =
    [
        (PosixSignal.SIGHUP, Shell.ExitCode.HungUp), (PosixSignal.SIGINT, Shell.ExitCode.Interrupted), (PosixSignal.SIGQUIT, Shell.ExitCode.Quit),
        (PosixSignal.SIGTERM, Shell.ExitCode.Terminated),
    ];

    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private bool claimed;

    /// <summary>The advice of commands that keep a checkpoint.</summary>
    public const string Resume = "the same command with --resume goes on from the last checkpoint";

    /// <summary>128 plus its number after a signal, else 0.</summary>
    public int ExitCode { get; private set; }

    /// <summary>How to go on after the stop; null where nothing is kept.</summary>
    public string? Advice { get; private set; }

    /// <summary>Begins to listen to the process's signals.</summary>
    public static StopSignal Listen()
    {
        var stop = new StopSignal();
        foreach (var (signal, exitCode) in s_signals)
            stop.registrations.Add(PosixSignalRegistration.Create(signal, c => stop.Receive(c, exitCode)));
        return stop;
    }

    /// <param name="advice">How to go on after the stop; null where nothing is kept.</param>
    public CancellationToken Claim(string? advice = null)
    {
        (claimed, Advice) = (true, advice);
        return source.Token;
    }

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }

    /// <summary>
    /// Whoever read standard output has gone, as head does: a command that can stop gracefully does, any other ends here. Other programs are killed by SIGPIPE.
    /// </summary>
    /// <exception cref="OperationCanceledException">The command cannot stop gracefully.</exception>
    public void OutputGone()
    {
        if (ExitCode == 0) Request(Shell.ExitCode.OutputGone);
        if (!claimed) throw new OperationCanceledException();
    }

    /// <summary>Asks the command to stop, as a signal does.</summary>
    internal void Request(int exitCode)
    {
        ExitCode = exitCode;
        source.Cancel();
    }

    private void Receive(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = true;
        if (!claimed || ExitCode != 0)
        {
            Console.Error.WriteLine(Failure.Stopped);
            Environment.Exit(exitCode);
        }
        Request(exitCode);
    }
}
