using System.Diagnostics;
using System.Text.Json;

namespace LoraCollab.Cli.Bench;

/// <summary>
/// The program as a process of its own: a process's peak memory only grows, so that a second measurement in the same one would see the first.
/// </summary>
internal static class OwnProcess
{
    /// <summary>Runs a command that prints one JSON line, and returns it.</summary>
    /// <exception cref="UserException">It failed; the message is its own.</exception>
    public static JsonElement Run(params string[] command)
    {
        var (program, first) = Self();
        var start = new ProcessStartInfo(program, [.. first, .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new UserException($"{program}: the program could not be started");
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0) return JsonDocument.Parse(output).RootElement;
        throw new UserException($"loracollab {string.Join(' ', command)} ended with code {process.ExitCode}: {error.Result.Trim()}");
    }

    /// <summary>The executable itself, or `dotnet` with the program's assembly where that is how it runs.</summary>
    private static (string Program, string[] First) Self()
    {
        string executable = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(executable) == "loracollab"
            ? (executable, [])
            : ("dotnet", [Path.Combine(AppContext.BaseDirectory, "loracollab.dll")]);
    }
}
