using System.Diagnostics;

namespace LoraCollab.Cli.Tests;

/// <summary>The built program as a process of its own: what only a process has, such as signals, a working directory and a real standard output.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    private static string Program => Path.Combine(AppContext.BaseDirectory, "loracollab.dll");

    private Process Start(IEnumerable<string> args, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? model.At(),
        };
        return Process.Start(start)!;
    }

    private CliRun Run(params string[] args)
    {
        using var process = Start(args);
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CliRun(process.ExitCode, output, error.Result);
    }

    [Fact]
    public void Program_AsAProcess_KeepsExitCodesAndStreams()
    {
        Assert.Equal(0, Run("--version").ExitCode);
        var refused = Run("pretrain", "--lr", "0,5", "--tokenizer", "chars", "--out", "x");
        refused.AssertRefused("--lr '0,5'");
        Assert.Equal("", refused.Out);
    }

    [Fact]
    public void ShippedModel_FromAnyWorkingDirectory_IsFound()
    {
        var run = Run("tokenize", "--in", model.Text, "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith("[", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("QUIT", 131)]
    [InlineData("TERM", 143)]
    public void Pretrain_Signalled_StopsWithACheckpointAndResumes(string signal, int code)
    {
        RequireSignals(signal);
        string output = model.At("stopped");
        using var process = Start(model.Pretrain(output, "100000", "--eval-every", "100000"));
        string lines = UntilTraining(process);
        Send(signal, process);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == code, $"exit code {process.ExitCode}; {lines}; {error}");
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(output, "checkpoint.safetensors")));
    }

    [Fact]
    public void Pretrain_StartedWithHangupsIgnored_SurvivesOne()
    {
        RequireSignals("TERM");
        // What nohup does: the signal is ignored by the shell, and so by what takes its place.
        var start = new ProcessStartInfo("sh", ["-c", "trap '' HUP; exec dotnet \"$@\"",
            "sh", Program, .. model.Pretrain(model.At("hung-up"), "100000", "--eval-every", "100000")])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        UntilTraining(process);
        Send("HUP", process);
        Thread.Sleep(500);
        Assert.False(process.HasExited);
        Send("TERM", process);
        process.WaitForExit();
        Assert.Equal(143, process.ExitCode);
    }

    [Fact]
    public void CommandThatCannotStopGracefully_Signalled_EndsAtOnce()
    {
        RequireSignals("INT");
        // Some work that takes long enough to be met: a vocabulary from the largest built-in corpus.
        using var process = Start(["train-tokenizer", "--data", "mixture", "--vocab", "50000", "--out", model.At("t")]);
        Thread.Sleep(700);
        if (process.HasExited) Assert.Skip("this machine was faster than the signal");
        Send("INT", process);
        Assert.True(process.WaitForExit(20_000));
        Assert.Equal((130, "stopped"), (process.ExitCode, process.StandardError.ReadToEnd().Trim()));
    }

    /// <summary>Reads what a training prints until it has taken a step, and returns it.</summary>
    private static string UntilTraining(Process process)
    {
        var lines = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
            if (line.Contains("iteration ", StringComparison.Ordinal)) break;
        }
        return string.Join('\n', lines);
    }

    private static void Send(string signal, Process process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>What a shell says of a command line on this program, which it knows as $P: its standard output, and its last line.</summary>
    private (string Last, string All) Shell(string script)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("there is no bash");
        var start = new ProcessStartInfo("bash", ["-c", $"P='dotnet {Program}'; {script}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = model.At(),
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output.TrimEnd().Split('\n')[^1], output + error.Result);
    }

    [Theory]
    [InlineData("$P --help | head -1 > /dev/null; echo ${PIPESTATUS[0]}", "141|0")] // a short text may be whole in the pipe before head goes
    [InlineData("$P explain attention --full | true; echo ${PIPESTATUS[0]}", "141|0")]
    [InlineData("$P --version >&-; echo $?", "0")]
    [InlineData("$P --version 2>&-; echo $?", "0")]
    [InlineData("$P nonsense 2>&-; echo $?", "2")]
    [InlineData("$P nonsense >&- 2>&-; echo $?", "2")]
    [InlineData("$P nonsense <&- >&- 2>&-; echo $?", "2")]
    [InlineData("$P --version <&- >&- 2>&-; echo $?", "0")]
    [InlineData("$P nonsense 2> >(true); echo $?", "2")]
    [InlineData("LANG=C LC_ALL=C $P --help > /dev/null; echo $?", "0")]
    [InlineData("LC_ALL=nowhere $P nonsense; echo $?", "2")]
    public void Program_WithoutAReader_EndsQuietly(string script, string codes)
    {
        var (last, all) = Shell(script);
        Assert.Contains(last, codes.Split('|'));
        Assert.DoesNotContain("Unhandled", all, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", all, StringComparison.Ordinal);
    }

    [Fact]
    public void Collab_WhoseReaderGoes_StopsWithACheckpoint()
    {
        model.Texts();
        string collab = $"$P collab --model '{model.Folder}' --data texts --backend reference --clients 4 --sequence-length 16 --batch-size 2 "
            + "--iterations 200000 "
            + "--train-tokens 300 --trust-tokens 100 --report-tokens 100 --public-tokens 200 --schemes local,fedavg --trust-freq 1000 --out run";
        var (last, all) = Shell($"{collab} | grep -m 1 '%' > /dev/null; echo ${{PIPESTATUS[0]}}");
        Assert.Equal("141", last);
        Assert.Contains("--resume", all, StringComparison.Ordinal);
        Assert.True(File.Exists(model.At("run", "checkpoints", "index.json")));
    }

    /// <summary>A shell's background job ignores interrupts, and so does every process that it starts; likewise hangups under nohup.</summary>
    private static void RequireSignals(string signal)
    {
        const string ignored = "SigIgn:";
        if (OperatingSystem.IsWindows()) Assert.Skip("signals are sent with kill");
        if (!File.Exists("/proc/self/status")) return;
        int number = signal switch { "HUP" => 1, "INT" => 2, "QUIT" => 3, _ => 15 };
        string mask = File.ReadLines("/proc/self/status").First(l => l.StartsWith(ignored, StringComparison.Ordinal))[ignored.Length..].Trim();
        if ((Convert.ToUInt64(mask, 16) & (1UL << (number - 1))) != 0) Assert.Skip($"the tests were started with SIG{signal} ignored");
    }
}
