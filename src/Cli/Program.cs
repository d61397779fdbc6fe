using System.Text;

namespace LoraCollab.Cli;

/// <summary>The program `loracollab`.</summary>
public static class Program
{
    public static int Main(string[] args)
    {
        using var stop = StopSignal.Listen();
        // Half a surrogate pair, as an argument may hold, is written as U+FFFD and is no error.
        var replacing = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var error = new StreamWriter(StandardStream.Open(2, gone: null), replacing) { AutoFlush = true };
        Console.SetError(TextWriter.Synchronized(error));
        using var output = new StreamWriter(StandardStream.Open(1, stop.OutputGone), replacing, bufferSize: 1 << 14) { AutoFlush = true };
        int code = Application.Run(args, Terminal.Standard(output), Console.Error, stop);
        return code == ExitCode.Success && stop.ExitCode == ExitCode.OutputGone ? ExitCode.OutputGone : code;
    }

    /// <summary>The same with writers of the caller's, as when neither stream is a terminal.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        using var stop = new StopSignal();
        return Application.Run(args, Terminal.Plain(output), error, stop);
    }
}
