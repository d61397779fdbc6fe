namespace LoraCollab.Cli.Tests;

public sealed class DebugTests : IDisposable
{
    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    private string[] Train(params string[] more) => [.. model.On("train", "--iterations", "3", "--batch-size", "1", "--out", model.At("adapter")), .. more];

    [Fact]
    public void Train_WithAnAbsurdRate_NamesTheOpAndWritesItsOperands()
    {
        var run = CliRun.Of(Train("--lr", "1e200", "--debug", model.At("faults")));
        Assert.Equal(1, run.ExitCode);
        run.AssertShort();
        string file = Assert.Single(Directory.GetFiles(model.At("faults")));
        Assert.Contains(file, run.Error, StringComparison.Ordinal);
        var bag = TensorBag.Load(file);
        Assert.Contains($"{bag.Metadata["op"]} in {bag.Metadata["scope"]} {bag.Metadata["fault"]}", run.Error, StringComparison.Ordinal);
        Assert.Contains($"at step {bag.Metadata["step"]}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Collab_WithAnAbsurdRate_NamesTheClientAndTheOp()
    {
        var run = CliRun.Of("collab", "--model", model.Folder, "--data", model.Texts(), "--backend", "reference",
            "--threads", "2", "--clients", "2", "--schemes", "local",
            "--sequence-length", "16", "--batch-size", "1", "--iterations", "4", "--train-tokens", "300", "--trust-tokens", "100", "--report-tokens", "100",
            "--public-tokens", "200", "--lr", "1e200", "--out", model.At("run"), "--quiet", "--debug", model.At("faults"));
        Assert.True(run.ExitCode == 1, run.Error);
        run.AssertShort();
        Assert.Contains("client ", run.Error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(model.At("faults"), "debug-"), run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_UnderTheChecker_IsTheSame()
    {
        string Loss(params string[] more) => CliRun.Of([.. model.On("eval"), .. more]).Out.Split(" in ")[0];
        Assert.Equal(Loss(), Loss("--debug", model.At("faults")));
        Assert.False(Directory.Exists(model.At("faults")));
    }

    [Fact]
    public void Debug_IntoAFile_IsRefused() => CliRun.Refused(["--debug", "expected a folder"], Train("--debug", model.Text));
}
