using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>`train --adapter` and `collab --adapter`.</summary>
public sealed class StartAdapterTests : IDisposable
{
    private readonly SmallModel model = new();

    public StartAdapterTests() => model.Texts();

    public void Dispose() => model.Dispose();

    private CliRun Train(string folder, params string[] more) => CliRun.Of(["train", "--model", model.Folder, "--data", model.At("texts"), "--iterations", "4",
        "--sequence-length", "16", "--rank", "2", "--backend", "host", "--out", model.At(folder), .. more]);

    private CliRun Collab(string folder, params string[] more) => CliRun.Of(["collab", "--model", model.Folder, "--data", model.At("texts"), "--backend",
        "reference",
        "--threads", "2", "--clients", "4", "--sequence-length", "16", "--batch-size", "1", "--iterations", "4", "--pretraining-rounds", "2",
            "--trust-freq", "2",
        "--train-tokens", "300", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "200", "--out", model.At(folder), .. more]);

    private double[] Losses(string folder) => [.. File.ReadAllLines(model.At(folder, "metrics.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("validation_loss").GetDouble())];

    private static void Good(CliRun run) => Assert.True(run.ExitCode == 0, run.Error);

    [Fact]
    public void Train_FromAnAdapter_BeginsWhereItEnded()
    {
        Good(Train("first"));
        Good(CliRun.Of("train", "--model", model.Folder, "--data", model.At("texts"), "--iterations", "2", "--sequence-length", "16", "--backend", "host",
            "--adapter", model.At("first"), "--out", model.At("second")));
        Assert.Equal(Losses("first")[^1], Losses("second")[0]);
        Assert.NotEqual(Losses("first")[0], Losses("second")[0]);
        using var config = JsonDocument.Parse(File.ReadAllText(model.At("second", "adapter_config.json")));
        Assert.Equal(2, config.RootElement.GetProperty("r").GetInt32());
    }

    [Theory]
    [InlineData("--rank", "3")]
    [InlineData("--alpha", "7")]
    [InlineData("--targets", "all")]
    public void Train_FromAnAdapterOfAnotherForm_NamesTheOption(string option, string value)
    {
        Good(Train("first"));
        foreach (var found in (CliRun[])[CliRun.Of("train", "--model", model.Folder, "--data", model.At("texts"), "--sequence-length", "16", "--adapter",
            model.At("first"), "--out", model.At("second"), option, value), Collab("run", "--adapter", model.At("first"), option, value)])
        {
            Assert.Equal(2, found.ExitCode);
            Assert.StartsWith($"error: {option}: the adapter {model.At("first")} has rank 2, alpha 32 and targets attn, which cannot be changed", found.Error);
        }
        Assert.False(Directory.Exists(model.At("second")));
    }

    [Fact]
    public void Train_ResumedWithoutItsAdapter_IsAnotherTraining()
    {
        Good(Train("first"));
        using (var stop = new StopSignal())
        {
            stop.Request(ExitCode.Terminated);
            Assert.Equal(143, Application.Run(["train", "--model", model.Folder, "--data", model.At("texts"), "--iterations", "4", "--sequence-length",
                "16", "--rank",
                "2", "--backend", "host", "--out", model.At("second"),
                    "--adapter", model.At("first")], Report.Terminal.Plain(TextWriter.Null), TextWriter.Null, stop));
        }
        Assert.Contains("other options or data", Train("second", "--resume").Error);
        Good(Train("second", "--resume", "--adapter", model.At("first")));
        Good(Train("whole", "--adapter", model.At("first")));
        Assert.Equal(File.ReadAllBytes(model.At("whole", "adapter_model.safetensors")), File.ReadAllBytes(model.At("second", "adapter_model.safetensors")));
    }

    /// <summary>An adapter of fedex is only right beside its correction of the base, which training would leave behind.</summary>
    [Fact]
    public void Train_FromAnAdapterThatCorrectsTheBase_IsRefused()
    {
        Good(Collab("exact", "--schemes", "fedex"));
        var found = Train("second", "--rank", "4", "--adapter", model.At("exact", "adapters", "fedex", "client_0"));
        Assert.Equal(2, found.ExitCode);
    }

    /// <summary>The run's folder is enough to go back to it: the adapter's own may be gone.</summary>
    [Fact]
    public void Collab_FromAnAdapter_IsReplayedAndMadeAgainFromItsFolder()
    {
        Good(Train("first", "--lora-dropout", "0.15"));
        Good(Collab("run", "--adapter", model.At("first"), "--schemes", "local,fedavg,weights,prediction"));
        using (var config = JsonDocument.Parse(File.ReadAllText(model.At("run", "config.json"))))
        {
            var options = config.RootElement.GetProperty("options");
            Assert.Equal((2, 0.15), (options.GetProperty("rank").GetInt32(), options.GetProperty("lora_dropout").GetDouble()));
        }
        Directory.Delete(model.At("first"), recursive: true);
        var replay = CliRun.Of("replay", "--run", model.At("run"));
        Good(replay);
        Assert.Contains("Trust of weights at each aggregation, the same bits", replay.Out);
        Assert.Contains("Trust of prediction at each aggregation, the same bits", replay.Out);
        Good(CliRun.Of("verify", "--run", model.At("run"), "--rerun"));
        Good(CliRun.Of("inspect", "trust", "0", "1", "--run", model.At("run"), "--scheme", "weights"));
        File.WriteAllText(model.At("run", "start", "adapter_config.json"), "{}");
        Assert.Equal(2, CliRun.Of("replay", "--run", model.At("run")).ExitCode);
    }

    [Fact]
    public void Collab_FromAnAdapterWithOptionsOfAFreshOne_IsRefused()
    {
        Good(Train("first"));
        Assert.Contains("--lora-init", Collab("run", "--adapter", model.At("first"), "--lora-init", "rank").Error);
        Assert.Contains("--rslora", Collab("run", "--adapter", model.At("first"), "--rslora").Error);
        Assert.Contains("trap 2 = paper", Collab("run", "--adapter", model.At("first"), "--trap", "2=paper").Error);
        Assert.Contains("no such adapter folder", Collab("run", "--adapter", model.At("nowhere")).Error);
    }
}
