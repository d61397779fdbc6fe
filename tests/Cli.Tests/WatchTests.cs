using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public sealed class WatchTests : IDisposable
{
    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    [Fact]
    public void Train_Watched_LogsEveryTensorAndTrainsTheSame()
    {
        foreach (var (folder, more) in new (string, string[])[] { ("watched", ["--watch", "2"]), ("alone", []) })
        {
            var run = CliRun.Of(model.On("train", ["--out", model.At(folder), "--iterations", "4", "--rank", "2", .. more]));
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.Equal(more.Length > 0, run.Out.Contains("gradient at iteration 2: ", StringComparison.Ordinal));
        }
        var lines = File.ReadLines(Path.Combine(model.At("watched"), "metrics.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)
            .Where(l => l.TryGetProperty("gradient_norm", out _)).ToArray();
        Assert.Equal([2, 4], lines.Select(l => l.GetProperty("iteration").GetInt32()));
        foreach (var line in lines)
        {
            double[] norms = [.. line.GetProperty("gradient_norms").EnumerateObject().Select(n => n.Value.GetDouble())];
            Assert.Equal(4, norms.Length);
            Assert.All(norms, n => Assert.True(n > 0));
            Assert.Equal(line.GetProperty("gradient_norm").GetDouble(), Math.Sqrt(norms.Sum(n => n * n)), 1e-12);
        }
        Assert.Equal(File.ReadAllBytes(Path.Combine(model.At("alone"), "adapter_model.safetensors")),
            File.ReadAllBytes(Path.Combine(model.At("watched"), "adapter_model.safetensors")));
    }

    [Fact]
    public void Pretrain_Watched_ShowsBlocksAndWhatIsOutside()
    {
        var run = CliRun.Of(model.Pretrain(model.At("other"), "2", "--watch", "1"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches(@"gradient at iteration 1: \S+; wte \S+  wpe \S+  h\.0 \S+  ln_f \S+", run.Out);
        CliRun.Refused(["--watch '0'"], model.Pretrain(model.At("none"), "2", "--watch", "0"));
    }
}
