using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public sealed class ProfileTests
{
    private static readonly string[] s_small = ["--steps", "2", "--sequence-length", "16", "--batch-size", "1", "--threads", "1"];

    [Fact]
    public void Train_Profiled_AddsUpToItsTime()
    {
        var found = JsonDocument.Parse(Ok(["profile", .. s_small, "--json"])).RootElement;
        double total = found.GetProperty("total_ms").GetDouble();
        var (ops, phases) = (found.GetProperty("ops").EnumerateArray().ToArray(), found.GetProperty("phases").EnumerateArray().ToArray());
        double outside = phases.Sum(p => p.GetProperty("outside_ms").GetDouble());
        Assert.Equal(total, ops.Sum(o => o.GetProperty("total_ms").GetDouble()) + outside, 1e-6 * total);
        Assert.Equal(total, phases.Sum(p => p.GetProperty("total_ms").GetDouble()), 1e-6 * total);
        Assert.Equal(1 - outside / total, ops.Sum(o => o.GetProperty("share").GetDouble()), 1e-6);
        Assert.Equal(["data", "forward", "backward", "optimiser", "evaluation"], phases.Select(p => p.GetProperty("phase").GetString()));
        // Four products a block of the tiny model's four, in each of two steps.
        var product = ops.Single(o => (o.GetProperty("op").GetString(), o.GetProperty("phase").GetString()) == ("matmul", "forward"));
        Assert.Equal(2 * 4 * 4, product.GetProperty("count").GetInt64());
        Assert.Equal(2, found.GetProperty("cost").GetProperty("with_ms").GetDouble() > 0 ? found.GetProperty("steps").GetInt32() : 0);
    }

    [Fact]
    public void Train_ProfiledPerLayer_NamesEveryPlace()
    {
        string table = Ok(["profile", .. s_small, "--per-layer", "--quiet"]);
        foreach (string line in new[]
        {
            "  h.3.mlp.c_proj matmul_backward_input", "  h.0.attn attention ", "  lm_head classifier_backward", "  outside kernels", "wall time",
        })
            Assert.Contains(line, table, StringComparison.Ordinal);
    }

    [Fact]
    public void Collab_Profiled_TellsTrustAndEvaluationApart()
    {
        string[] args = ["profile", "--collab", "--clients", "3", "--schemes", "validation", .. StandIns.Small[2..], "--steps", "2", "--json"];
        var found = JsonDocument.Parse(Ok(args)).RootElement;
        var phases = found.GetProperty("phases").EnumerateArray().Select(p => p.GetProperty("phase").GetString());
        Assert.Equal(["other", "data", "forward", "backward", "optimiser", "evaluation", "trust"], phases);
        var ops = found.GetProperty("ops").EnumerateArray().ToArray();
        // Three clients of two steps each, one micro-batch a step.
        Assert.Equal(6, Count("classifier_backward", "backward"));
        Assert.Equal(6, Count("adamw", "optimiser"));
        Assert.True(Count("classifier", "trust") >= 9); // every client's adapter on every client's text
        Assert.True(Count("classifier", "evaluation") >= 3);

        long Count(string op, string phase) => ops.Where(o => (o.GetProperty("op").GetString(), o.GetProperty("phase").GetString()) == (op, phase))
            .Sum(o => o.GetProperty("count").GetInt64());
    }

    /// <summary>Three clients on two lanes: one lane waits while the other trains the third, and while the first mixes.</summary>
    [Fact]
    public void Collab_OnTwoLanes_TellsWaitingApart()
    {
        string[] options = [.. StandIns.Small[2..^3], "--threads", "2", "--quiet", "--steps", "2", "--json"];
        var found = JsonDocument.Parse(Ok(["profile", "--collab", "--clients", "3", "--schemes", "fedavg", .. options])).RootElement;
        var waiting = found.GetProperty("phases").EnumerateArray().Single(p => p.GetProperty("phase").GetString() == "waiting");
        Assert.True(waiting.GetProperty("total_ms").GetDouble() > 0);
        Assert.DoesNotContain(found.GetProperty("ops").EnumerateArray(), o => o.GetProperty("phase").GetString() == "waiting");
    }

    [Fact]
    public void RandomWeights_Profiled_ReadRandomTokens() => Assert.Contains("train: gpt2, rank 4, 1 steps of 1 × 8 tokens",
        Ok(["profile", "--model", "gpt2", "--steps", "1", "--sequence-length", "8", "--batch-size", "1", "--quiet"]), StringComparison.Ordinal);

    [Fact]
    public void Out_Given_HoldsTableTraceAndRoofline()
    {
        using var folder = new TemporaryFolder();
        string table = Ok(["profile", .. s_small, "--out", folder.At("profile")]);
        Assert.Contains("roofline.png", table, StringComparison.Ordinal);
        Assert.Equal(["profile.csv", "profile.json", "roofline.png", "roofline.svg", "trace.json"],
            Directory.GetFiles(folder.At("profile")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        // Two steps and two batches of evaluation, with four attentions each.
        var events = TraceCheck.Require(Path.Combine(folder.At("profile"), "trace.json"));
        Assert.Equal((16, 8, 2), (events.Count(e => e == "attention"), events.Count(e => e == "attention_backward"), events.Count(e => e == "data")));

        string compared = Ok(["profile", "--compare", folder.At("profile"), Path.Combine(folder.At("profile"), "profile.json")]);
        Assert.Contains("  attention_backward", compared, StringComparison.Ordinal);
        Assert.Contains("     1.00 ", compared, StringComparison.Ordinal);
        CliRun.Refused(["trace.json: not a profile"], "profile", "--compare", folder.At("profile"), Path.Combine(folder.At("profile"), "trace.json"));
        CliRun.Refused(["nothing", "there is no such file"], "profile", "--compare", folder.At("profile"), folder.At("nothing"));
        CliRun.Refused(["--compare"], "profile", "--compare", folder.At("profile"));
    }

    [Theory]
    [InlineData("--clients is an option of collab; give --collab", "--clients", "3")]
    [InlineData("--resume has no meaning here", "--resume")]
    [InlineData("--iterations '0'", "--steps", "0")]
    [InlineData("no-such-file.txt: there is no such file", "--data", "no-such-file.txt")]
    public void Options_WithoutMeaning_AreRefused(string expected, params string[] options) => CliRun.Refused([expected], ["profile", .. options]);

    private static string Ok(string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Out;
    }
}
