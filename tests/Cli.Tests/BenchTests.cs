using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>The benchmarks on the smallest sizes: that they run and print what they promise, not how fast.</summary>
public class BenchTests
{
    [Fact]
    public void Generate_OfASmallModel_ReadsEveryWeightButThePositionsOnceAToken()
    {
        var found = Line("bench", "generate", "--layers", "1", "--heads", "2", "--embd", "8", "--vocab", "20",
            "--prompt", "3", "--tokens", "4", "--threads", "1");
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

    [Fact]
    public void Scaling_Quick_WritesEveryPointWithItsCommand()
    {
        using var folder = new TemporaryFolder();
        var found = Line("bench", "scaling", "--quick", "--axes", "clients,model", "--threads", "1", "--json", "--out", folder.At("scaling"));
        var axes = found.GetProperty("axes").EnumerateArray().ToArray();
        Assert.Equal(["clients", "model"], axes.Select(a => a.GetProperty("axis").GetString()));
        foreach (var point in axes.SelectMany(a => a.GetProperty("points").EnumerateArray()))
        {
            Assert.True(point.GetProperty("ms").GetDouble() > 0);
            Assert.StartsWith("loracollab bench ", point.GetProperty("command").GetString(), StringComparison.Ordinal);
        }
        string[] files = [.. Directory.GetFiles(folder.At("scaling")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        Assert.Equal(["scaling-clients.png", "scaling-clients.svg", "scaling-model.png", "scaling-model.svg", "scaling.csv", "scaling.json"], files);
        Assert.Equal(5, File.ReadAllLines(Path.Combine(folder.At("scaling"), "scaling.csv")).Length);
    }

    [Fact]
    public void Scaling_OfAnUnknownAxis_NamesTheAxes() =>
        CliRun.Refused(["--axes 'sequenze'", "did you mean sequence?"], "bench", "scaling", "--axes", "clients,sequenze");

    private static JsonElement Line(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(Assert.Single(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
    }
}
