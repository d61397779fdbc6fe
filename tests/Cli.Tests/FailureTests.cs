namespace LoraCollab.Cli.Tests;

public sealed class FailureTests : IDisposable
{
    private const int NoSpaceLeft = 28;

    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    private string[] Collab(params string[] more) =>
    [
        "collab", "--model", model.Folder, "--data", model.Texts(), "--backend", "reference",
        "--schemes", "local,fedavg", "--clients", "2", "--sequence-length", "16",
        "--train-tokens", "300", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "100", .. more,
    ];

    private static CliRun Report(Exception exception)
    {
        using var stop = new StopSignal();
        using var error = new StringWriter();
        int code = Failure.Report(exception, error, stop);
        return new CliRun(code, "", error.ToString());
    }

    [Fact]
    public void DiskFull_UnderAnyWrapping_IsAFailureOfTheRun()
    {
        var full = new IOException("No space left on device : 'x'", NoSpaceLeft);
        foreach (Exception e in new Exception[] { full, new UserException("x: cannot be written", full), new AggregateException(full) })
        {
            var run = Report(e);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("the disk is full", run.Error, StringComparison.Ordinal);
            run.AssertShort();
        }
    }

    [Fact]
    public void Exception_OfAnyOtherKind_IsOneLineWithoutATrace()
    {
        foreach (Exception e in new Exception[] { new InvalidOperationException("two\nlines"), new OutOfMemoryException(), new NullReferenceException() })
        {
            var run = Report(e);
            Assert.Equal(1, run.ExitCode);
            Assert.Single(run.Error.Trim().Split('\n'));
            Assert.DoesNotContain("Exception", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FileTrouble_ThatNobodyExplained_IsTheUsers() =>
        Report(new UnauthorizedAccessException("Access to the path 'x' is denied.")).AssertRefused("'x'");

    [Fact]
    public void Train_ThatDiverges_FailsAndNamesTheFirstBadTensor()
    {
        var run = CliRun.Of(model.On("train", "--out", model.At("a"), "--iterations", "40", "--lr", "1e300"));
        Assert.Equal(1, run.ExitCode);
        run.AssertShort();
        Assert.Contains("first bad tensor", run.Error, StringComparison.Ordinal);
        Assert.Contains("lora_", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Collab_ThatDiverges_FailsAndNamesClientAndTensor()
    {
        var run = CliRun.Of(Collab("--iterations", "30", "--lr", "1e300", "--out", model.At("run")));
        Assert.Equal(1, run.ExitCode);
        run.AssertShort();
        foreach (string part in new[] { "client", "first bad tensor" }) Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "stopped")]
    [InlineData("the same command does what is missing", "stopped; the same command does what is missing")]
    public void Stop_OfACommand_SaysHowToGoOnOnlyWhereOneCan(string? advice, string expected)
    {
        using var stop = new StopSignal();
        using var error = new StringWriter();
        stop.Claim(advice);
        stop.Request(ExitCode.Terminated);
        Assert.Equal(143, Failure.Report(new OperationCanceledException(), error, stop));
        Assert.Equal(expected, error.ToString().Trim());
    }

    [Fact]
    public void Profile_OfACollaborationThatIsStopped_PromisesNoResume()
    {
        using var stop = new StopSignal();
        using var error = new StringWriter();
        stop.Request(ExitCode.Interrupted);
        string[] args = ["profile", "--collab", .. Collab("--steps", "2")[1..]];
        Assert.Equal(130, Application.Run(args, LoraCollab.Report.Terminal.Plain(TextWriter.Null), error, stop));
        Assert.Equal("stopped", error.ToString().Trim().Split('\n')[^1]);
    }

    [Fact]
    public void Output_InAFolderThatCannotExist_IsRefused()
    {
        if (!Directory.Exists("/proc")) Assert.Skip("needs a folder that nobody can write");
        CliRun.Refused(["/proc/none"], model.On("train", "--out", "/proc/none", "--iterations", "1"));
        CliRun.Refused(["/proc/none"], Collab("--out", "/proc/none"));
    }
}
