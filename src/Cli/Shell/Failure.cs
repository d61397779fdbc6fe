namespace LoraCollab.Cli.Shell;

/// <summary>Turns an exception into an exit code and at most four lines on standard error.</summary>
internal static class Failure
{
    /// <summary>What is said after a signal.</summary>
    public const string Stopped = "stopped";

    private const int DiskFullUnix = 28; // ENOSPC
    private const int DiskFullWindows = unchecked((int)0x80070070);

    public static int Report(Exception exception, TextWriter error, StopSignal stop)
    {
        if (exception is AggregateException { InnerExceptions.Count: 1 } wrapped) exception = wrapped.InnerExceptions[0];
        var (code, message) = Explain(exception, stop);
        // Who closes a pipe on purpose, as head does, wants no word of it, unless there is something to go on from.
        if (code != ExitCode.OutputGone || stop.Advice is not null) error.WriteLine(ForeignText.OneLine(message));
        if (exception is UsageException usage)
            foreach (string hint in usage.Hints) error.WriteLine("  " + ForeignText.OneLine(hint));
        return code;
    }

    private static (int Code, string Message) Explain(Exception exception, StopSignal stop) => exception switch
    {
        _ when DiskFull(exception) is { } full => (ExitCode.Failed, $"failed: the disk is full: {full.Message}"),
        OperationCanceledException => (stop.ExitCode == 0 ? ExitCode.Interrupted : stop.ExitCode, stop.Advice is { } advice ? $"{Stopped}; {advice}" : Stopped),
        CollaborationFailedException { IsBadUpload: true } =>
            (ExitCode.Failed, $"failed: {exception.Message}; --on-bad-upload exclude goes on without, --upload-check off with it"),
        ComputationFailedException or CollaborationFailedException => (ExitCode.Failed, $"failed: {exception.Message}"),
        UserException e => (ExitCode.UserError, $"error: {(e as OptionException)?.Spelled ?? e.Problem}{Advice(e.Remedy)}"),
        PlatformNotSupportedException e => (ExitCode.UserError, $"error: {e.Message}"),
        IOException or UnauthorizedAccessException => (ExitCode.UserError, $"error: {exception.Message}"),
        OutOfMemoryException => (ExitCode.Failed, "failed: out of memory; try a smaller --batch-size, --sequence-length or --clients"),
        _ => (ExitCode.Failed, "failed: a fault inside the program; LORACOLLAB_DEBUG=1 shows where, which helps to mend it"),
    };

    private static string Advice(Remedy? remedy) => remedy switch
    {
        null => "",
        Remedy.BeginAnew => "; run the command again with --fresh",
        Remedy.PutBackOrBeginAnew => "; put the file back, or run the command again with --fresh",
        Remedy.Resume => "; the command that made it goes on with --resume",
        Remedy.ResumeOrBeginAnew => "; give --resume to go on, or --fresh to begin anew",
        _ => "; choose another folder, or give --fresh to replace it",
    };

    /// <summary>The cause, where an error of input or output comes of a full disk.</summary>
    private static IOException? DiskFull(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is IOException { HResult: DiskFullUnix or DiskFullWindows } full) return full;
        return null;
    }
}
