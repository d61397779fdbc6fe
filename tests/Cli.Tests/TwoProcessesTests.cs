namespace LoraCollab.Cli.Tests;

/// <summary>A second command on a folder that another process holds is refused with one line, writes nothing, and leaves no lock behind.</summary>
public sealed class TwoProcessesTests : IDisposable
{
    private readonly SmallModel model = new();

    public TwoProcessesTests() => model.Texts();

    public void Dispose() => model.Dispose();

    private string[] Small(params string[] command) =>
    [
        .. command, "--model", model.Folder, "--data", model.At("texts"), "--backend", "reference",
        "--sequence-length", "16", "--batch-size", "2", "--iterations", "2",
        "--pretraining-rounds", "1", "--trust-freq", "1", "--train-tokens", "300", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "100",
    ];

    private string[] Sweep(string folder, params string[] more) =>
        Small(["sweep", "--over", "lr", "--values", "1e-2,2e-2", "--seeds", "1", "--clients", "2", "--schemes", "local", "--out", model.At(folder), .. more]);

    private string[] Command(string name) => name switch
    {
        "sweep" => Sweep("held", "--no-report"),
        "reproduce" => Small("reproduce", "--family", "codewiki", "--seeds", "1", "--schemes", "local",
            "--distribution", "specific", "--no-report", "--out", model.At("held")),
        "controls" => Small("controls", "--seeds", "1", "--schemes", "local,fedavg", "--out", model.At("held")),
        "phase" => Small("controls", "--phase", "--seeds", "1", "--out", model.At("held")),
        _ => ["prepare", "--data", model.At("texts"), "--tokenizer", model.Folder, "--clients", "2", "--train-tokens", "300", "--trust-tokens", "100",
            "--report-tokens", "100", "--public-tokens", "100", "--out", model.At("held")],
    };

    private void AssertRefused(string[] command)
    {
        string[] before = [.. Names()];
        CliRun.Refused(["held", "another process is writing into this folder"], command);
        Assert.Equal(before, Names());
    }

    private IEnumerable<string> Names() => Directory.EnumerateFileSystemEntries(model.At("held"), "*", SearchOption.AllDirectories).Order();

    [Theory]
    [InlineData("sweep")]
    [InlineData("reproduce")]
    [InlineData("controls")]
    [InlineData("phase")]
    [InlineData("prepare")]
    public void Command_IntoAFolderThatAnotherWrites_IsRefused(string name)
    {
        using (FolderLock.Take(model.At("held"))) AssertRefused(Command(name));
        Assert.False(Directory.Exists(model.At("held")));
        if (name != "prepare") return;
        Assert.Equal(0, CliRun.Of(Command(name)).ExitCode);
        Assert.False(File.Exists(model.At("held", FolderLock.FileName)));
    }

    [Fact]
    public void Report_OfAFolderThatAnotherWrites_IsRefusedAndLeavesNoLock()
    {
        Assert.Equal(0, CliRun.Of(Small("collab", "--clients", "2", "--schemes", "local", "--out", model.At("held"))).ExitCode);
        string[] report = ["report", "--run", model.At("held"), "--quiet"];
        using (FolderLock.Take(model.At("held"))) AssertRefused(report);
        Assert.Equal(0, CliRun.Of(report).ExitCode);
        Assert.False(File.Exists(model.At("held", FolderLock.FileName)));
    }

    [Fact]
    public void ReportOfAnExperiment_WhileItOrARunOfItIsWritten_IsRefused()
    {
        var run = CliRun.Of(Sweep("held", "--no-report"));
        Assert.True(run.ExitCode == 0, run.Error);
        string[] report = ["report", "--run", model.At("held"), "--every-run"];
        using (FolderLock.Take(model.At("held"))) AssertRefused(report);
        string one = Directory.GetDirectories(model.At("held", "runs"))[0];
        using (FolderLock.Take(one)) CliRun.Refused([one, "another process"], report);
        Assert.False(File.Exists(model.At("held", FolderLock.FileName)));
    }

    /// <summary>Steps inside the run folders are those of collab, which is killed at each of them elsewhere.</summary>
    [Fact]
    public void Sweep_KilledAtEveryStepOfItsOwn_GoesOnToTheSameFiles()
    {
        Assert.Equal(0, CliRun.Of(Sweep("whole", "--no-report")).ExitCode);
        var whole = FolderContent.Of(model.At("whole"));
        int deaths = Crashes.AtEveryStep(() => CliRun.Of(Sweep("killed", "--no-report")), place =>
        {
            var rest = CliRun.Of(Sweep("killed", "--no-report", "--resume"));
            Assert.True(rest.ExitCode == 0, $"{place}: {rest.Error}");
            TrainingKillTests.AssertSame(whole, FolderContent.Of(model.At("killed")), place);
            Directory.Delete(model.At("killed"), recursive: true);
        }, path => !path.Contains($"{Path.DirectorySeparatorChar}runs{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        Assert.InRange(deaths, 8, 30);
    }
}
