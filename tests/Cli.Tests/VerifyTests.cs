using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public sealed class VerifyTests : IDisposable
{
    private readonly SmallModel model = new();

    private string Run => model.At("run");

    public VerifyTests()
    {
        model.Texts();
        Collab("run");
    }

    public void Dispose() => model.Dispose();

    private void Collab(string folder, params string[] more)
    {
        var run = CliRun.Of(["collab", "--model", model.Folder, "--data", model.At("texts"), "--backend", "reference", "--threads", "2", "--clients", "4",
            "--sequence-length", "16", "--batch-size", "1", "--iterations", "4", "--pretraining-rounds", "2", "--trust-freq", "2", "--train-tokens", "300",
            "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "200", "--schemes", "local,fedavg", "--out", model.At(folder), .. more]);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Fact]
    public void Verify_FinishedRun_IsIntactAndMadeAgainHasTheSameBits()
    {
        var found = CliRun.Of("verify", "--run", Run, "--rerun", "--json");
        Assert.True(found.ExitCode == 0, found.Error);
        using var json = JsonDocument.Parse(found.Out);
        Assert.True(json.RootElement.GetProperty("intact").GetBoolean());
        Assert.True(json.RootElement.GetProperty("same_bits").GetBoolean());
        Assert.True(json.RootElement.GetProperty("files_checked").GetInt32() > 10);
        Assert.Contains("files are what was written", CliRun.Of("verify", "--run", Run).Out);
    }

    [Theory]
    [InlineData("trust.jsonl")]
    [InlineData("summary.json")]
    [InlineData("config.json")]
    [InlineData("hashes.json")]
    [InlineData("adapters/fedavg/client_1/adapter_model.safetensors")]
    [InlineData("rounds/fedavg/4.safetensors")]
    public void Verify_OneBitFlipped_NamesTheFile(string name)
    {
        byte[] bytes = File.ReadAllBytes(model.At("run", name));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(model.At("run", name), bytes);
        var found = CliRun.Of("verify", "--run", Run);
        Assert.Equal(1, found.ExitCode);
        Assert.StartsWith(model.At("run", name) + ": ", found.Out);
        Assert.Contains("damaged: " + Run, found.Out);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("summary.json")]
    [InlineData("manifest.json")]
    public void Verify_FileOfAFinishedRunMissing_NamesTheFile(string name)
    {
        File.Delete(model.At("run", name));
        var found = CliRun.Of("verify", "--run", Run);
        Assert.Equal(1, found.ExitCode);
        Assert.StartsWith($"{model.At("run", name)}: missing", found.Out);
    }

    [Fact]
    public void Verify_RunOfAnEarlierVersionWithADamagedAdapter_NamesTheFile()
    {
        File.Delete(model.At("run", "hashes.json"));
        string adapter = model.At("run", "adapters", "fedavg", "client_1", "adapter_model.safetensors");
        byte[] bytes = File.ReadAllBytes(adapter);
        File.WriteAllBytes(adapter, bytes[..^3]);
        var found = CliRun.Of("verify", "--run", Run);
        Assert.Equal(1, found.ExitCode);
        Assert.StartsWith(adapter + ": ", found.Out);
        bytes.AsSpan(bytes.Length - 4).Fill(0xFF);
        File.WriteAllBytes(adapter, bytes);
        Assert.Contains("holds a number that is not finite", CliRun.Of("verify", "--run", Run).Out);
    }

    [Fact]
    public void Differences_OfRunsWithOtherSeeds_NameTheFirstLineAndEveryTensorFile()
    {
        Collab("other", "--seed", "2");
        string[] found = [.. RunVerification.Differences(Run, model.At("other"))];
        Assert.Matches(@"^metrics\.jsonl, line 1: scheme 'base', iteration '0'$", found[0]);
        Assert.Contains("rounds/fedavg/4.safetensors: other numbers", found);
        Assert.Contains("adapters/local/client_3/adapter_model.safetensors: other numbers", found);
        Assert.Empty(RunVerification.Differences(Run, Run));
    }

    [Fact]
    public void Verify_RunOfAnEarlierVersion_SaysThatItHasNoHashes()
    {
        File.Delete(model.At("run", "hashes.json"));
        var found = CliRun.Of("verify", "--run", Run);
        Assert.Equal(0, found.ExitCode);
        Assert.Contains("without hashes", found.Out);
    }

    [Fact]
    public void Verify_Training_IsCheckedByItsHashes()
    {
        var train = CliRun.Of("train", "--model", model.Folder, "--data", model.At("texts"), "--iterations", "2", "--sequence-length", "16",
            "--backend", "reference", "--out", model.At("adapter"));
        Assert.True(train.ExitCode == 0, train.Error);
        Assert.Equal(0, CliRun.Of("verify", "--run", model.At("adapter")).ExitCode);
        Assert.Equal(2, CliRun.Of("verify", "--run", model.At("adapter"), "--rerun").ExitCode);
        File.AppendAllText(model.At("adapter", "metrics.jsonl"), "\n");
        var found = CliRun.Of("verify", "--run", model.At("adapter"));
        Assert.Equal(1, found.ExitCode);
        Assert.Contains("metrics.jsonl", found.Out);
        File.Delete(model.At("adapter", "metrics.jsonl"));
        Assert.Equal(1, CliRun.Of("verify", "--run", model.At("adapter")).ExitCode);
    }

    [Fact]
    public void Verify_NoSuchFolderOrNoRun_IsTheUsersError()
    {
        Assert.Equal(2, CliRun.Of("verify", "--run", model.At("nowhere")).ExitCode);
        var found = CliRun.Of("verify", "--run", model.At("texts"));
        Assert.Equal(2, found.ExitCode);
        Assert.Contains("expected the folder of a run", found.Error);
    }
}
