using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>The benchmarks on the smallest sizes: that they run and print what they promise, not how fast.</summary>
public class BenchTests
{
    [Fact]
    public void Generate_OfASmallModel_ReadsEveryWeightButThePositionsOnceAToken()
    {
        var found = Line("bench", "generate", "--layers", "1", "--heads", "2", "--embd", "8", "--vocab", "20", "--prompt", "3", "--tokens", "4", "--threads", "1");
        // wte, two norms and ln_f, and the four projections with their biases.
        Assert.Equal(4 * (20 * 8 + 3 * 16 + 8 * 24 + 24 + 8 * 8 + 8 + 8 * 32 + 32 + 32 * 8 + 8), found.GetProperty("weight_bytes").GetInt64());
        Assert.True(found.GetProperty("token_ms").GetDouble() > 0);
        Assert.True(found.GetProperty("read_gb_s").GetDouble() > 0);
    }

    private static JsonElement Line(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(Assert.Single(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
    }
}
