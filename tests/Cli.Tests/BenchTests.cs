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

    [Fact]
    public void Start_OfTheDefaults_HasAPhaseForEverythingBeforeTheFirstStep()
    {
        var found = Line("bench", "start", "--backend", "host");
        string[] phases = [.. found.GetProperty("phases").EnumerateArray().Select(p => p.GetProperty("phase").GetString()!)];
        Assert.Equal(["runtime", "model", "tokenizer", "corpus", "tokens", "step", "evaluation"], phases);
        double sum = found.GetProperty("phases").EnumerateArray().SkipLast(1).Sum(p => p.GetProperty("ms").GetDouble());
        Assert.Equal(found.GetProperty("first_step_ms").GetDouble(), sum, 1.0);
        Assert.InRange(found.GetProperty("loss").GetDouble(), 0.5, 4);
    }

    private static JsonElement Line(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(Assert.Single(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
    }
}
