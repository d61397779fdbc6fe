using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public sealed class TrainingTests : IDisposable
{
    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    [Fact]
    public void Pretrain_Done_WritesWhatEvalReads()
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(model.Folder, "summary.json")));
        double loss = summary.RootElement.GetProperty("validation_loss").GetDouble();
        var eval = CliRun.Of(model.On("eval", "--split", "validation", "--json"));
        using var found = JsonDocument.Parse(eval.Out);
        Assert.Equal(loss, found.RootElement.GetProperty("loss").GetDouble(), 1e-5); // the file holds float32
    }

    [Fact]
    public void Pretrain_Resumed_GivesTheSameBits()
    {
        string whole = model.At("whole"), parts = model.At("parts");
        Assert.Equal(0, CliRun.Of(model.Pretrain(whole, "8", "--checkpoint-every", "3")).ExitCode);
        using (var stop = new StopSignal())
        {
            // A signal is pending from the start: the run stops after its first step, with a checkpoint.
            stop.Request(ExitCode.Interrupted);
            using var error = new StringWriter();
            Assert.Equal(130, Application.Run(model.Pretrain(parts, "8"), Report.Terminal.Plain(TextWriter.Null), error, stop));
            Assert.Contains("--resume", error.ToString(), StringComparison.Ordinal);
        }
        CliRun.Refused(["--resume", "--fresh"], model.Pretrain(parts, "8"));
        CliRun.Refused(["other options or data"], model.Pretrain(parts, "9", "--resume"));
        Assert.Equal(0, CliRun.Of(model.Pretrain(parts, "8", "--resume")).ExitCode);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")), File.ReadAllBytes(Path.Combine(parts, "model.safetensors")));
        Assert.False(File.Exists(Path.Combine(parts, "checkpoint.safetensors")));
    }

    [Fact]
    public void Train_Done_WritesAnAdapterThatEvalReads()
    {
        var trained = CliRun.Of(model.On("train", "--out", model.At("adapter"), "--iterations", "4", "--rank", "2", "--json"));
        Assert.True(trained.ExitCode == 0, trained.Error);
        using var summary = JsonDocument.Parse(trained.Out);
        var eval = CliRun.Of(model.On("eval", "--split", "validation", "--adapter", model.At("adapter"), "--json"));
        using var found = JsonDocument.Parse(eval.Out);
        Assert.Equal(summary.RootElement.GetProperty("validation_loss").GetDouble(), found.RootElement.GetProperty("loss").GetDouble(), 1e-5);
        Assert.NotEqual(summary.RootElement.GetProperty("base_loss").GetDouble(), found.RootElement.GetProperty("loss").GetDouble());
        CliRun.Refused(["already holds a finished run"], model.On("train", "--out", model.At("adapter"), "--iterations", "4"));
    }

    [Fact]
    public void Train_DryRun_WritesNothing()
    {
        var run = CliRun.Of(model.On("train", "--out", model.At("none"), "--dry-run"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("200 steps", run.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(model.At("none")));
    }

    [Theory]
    [InlineData("--lr '0,5'", "--lr", "0,5")]
    [InlineData("--lr '0'", "--lr", "0")]
    [InlineData("--lr 'NaN'", "--lr", "NaN")]
    [InlineData("--alpha '-1'", "--alpha", "-1")]
    [InlineData("--rank '0'", "--rank", "0")]
    [InlineData("--dropout '1'", "--dropout", "1")]
    [InlineData("--sequence-length '17'", "--sequence-length", "17")]
    [InlineData("--targets 'mlp'", "--targets", "mlp")]
    [InlineData("did you mean reference?", "--backend", "referense")]
    [InlineData("--threads '0'", "--threads", "0")]
    [InlineData("--seed '-1'", "--seed", "-1")]
    [InlineData("--iterations '1,000'", "--iterations", "1,000")]
    public void Train_WithABadValue_IsRefusedByName(string expected, string option, string value)
    {
        // The option under test replaces the one that the small model gives.
        string[] args = ["train", "--model", model.Folder, "--data", model.Text, "--out", model.At("none")];
        CliRun.Refused([expected], [.. args, option, value]);
    }

    [Fact]
    public void Train_WithoutOut_SaysSo() => CliRun.Refused(["--out is required"], model.On("train"));

    [Fact]
    public void Train_TextShorterThanOneWindow_IsRefused() =>
        CliRun.Refused(["short.txt", "9 tokens", "one window of 16 + 1"],
            "train", "--model", model.Folder, "--data", model.File("short.txt", "the cat sat"), "--out", model.At("none"), "--backend", "reference");

    [Fact]
    public void Eval_TextShorterThanOneWindow_IsRefused()
    {
        string[] Eval(string text) => ["eval", "--model", model.Folder, "--data", model.File("short.txt", text), "--backend", "reference"];
        CliRun.Refused(["short.txt", "tokens are fewer than one window of 16 + 1"], Eval("the cat sat"));
        var run = CliRun.Of(Eval("the cat number 1 sat on mat"));
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Fact]
    public void Train_IntoAFile_IsRefused() => CliRun.Refused([model.Text], model.On("train", "--out", model.Text));

    [Fact]
    public void Pretrain_FreshIntoANewFolder_Runs() => Assert.Equal(0, CliRun.Of(model.Pretrain(model.At("new", "below"), "1", "--fresh")).ExitCode);

    [Fact]
    public void Training_FreshOnFilesOfSomethingElse_TouchesNone()
    {
        string config = model.File("foreign/config.json", "{}"), summary = model.File("other/summary.json", "mine"),
            metrics = model.File("logs/metrics.jsonl", "{\"loss\": 1}\n");
        CliRun.Refused(["config.json", "no training run"], model.Pretrain(model.At("foreign"), "1", "--fresh"));
        CliRun.Refused(["summary.json", "no training run"], model.On("train", "--out", model.At("other"), "--fresh"));
        CliRun.Refused(["metrics.jsonl", "no training run"], model.On("train", "--out", model.At("logs"), "--fresh"));
        Assert.Equal(["{}", "mine", "{\"loss\": 1}\n"], new[] { config, summary, metrics }.Select(File.ReadAllText));
    }

    [Theory]
    [InlineData("pretrain")]
    [InlineData("train")]
    public void Training_DryRunIntoAFolderThatCannotBe_IsRefusedBeforeThePlan(string verb)
    {
        string below = Path.Combine(model.Text, "below");
        string[] args = verb == "train" ? model.On("train", "--out", below) : model.Pretrain(below, "1");
        Assert.Equal("", CliRun.Refused([below, "cannot be written"], [.. args, "--dry-run"]).Out);
    }

    [Fact]
    public void Train_BelowAFile_IsRefused() => CliRun.Refused([model.Text], model.On("train", "--out", Path.Combine(model.Text, "below")));
}
