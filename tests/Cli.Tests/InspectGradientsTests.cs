using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public sealed class InspectGradientsTests : IDisposable
{
    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    private string[] Args(params string[] more) =>
        ["inspect", "gradients", "--model", model.Folder, "--data", model.Text, "--backend", "reference",
            "--sequence-length", "16", "--batch-size", "2", .. more];

    [Fact]
    public void Gradients_NewAdapter_AreHealthyAndSayWhatIsInitial()
    {
        var run = CliRun.Of(Args());
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("verdict: healthy; B = 0", run.Out, StringComparison.Ordinal);
        Assert.Contains("h.0.attn.c_attn.lora_B", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_AfterSteps_HaveSingularValuesAndEveryTensor()
    {
        var run = CliRun.Of(Args("--steps", "3", "--batches", "2", "--rank", "2", "--json", "--out", model.At("flow")));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(run.Out, File.ReadAllText(Path.Combine(model.At("flow"), "gradients.json")));
        PictureTests.AssertTitle(Path.Combine(model.At("flow"), "gradients.png"));
        string svg = File.ReadAllText(Path.Combine(model.At("flow"), "gradients.svg"));
        foreach (string part in new[] { "update / weight", "verdict: healthy" }) Assert.Contains(part, svg, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(run.Out);
        var root = json.RootElement;
        Assert.False(root.GetProperty("fault").GetBoolean());
        Assert.Equal(3, root.GetProperty("steps").GetInt32());
        Assert.Equal(["healthy"], root.GetProperty("verdict").EnumerateArray().Select(v => v.GetString()!));
        Assert.All(root.GetProperty("updates").EnumerateArray(), u => Assert.Equal(2, u.GetProperty("singular_values").GetArrayLength()));
        var b = root.GetProperty("tensors").EnumerateArray()
            .Single(t => t.GetProperty("name").GetString()!.EndsWith("c_proj.lora_B.weight", StringComparison.Ordinal));
        Assert.True(b.GetProperty("norm").GetDouble() > 0 && b.GetProperty("update_ratio").GetDouble() > 0
            && b.GetProperty("signal_to_noise").GetDouble() >= 0);
    }

    [Fact]
    public void Gradients_OfAScaleThatRoundsToZero_AreAFaultWithExitCode1()
    {
        var run = CliRun.Of(Args("--alpha", "1e-50", "--quiet"));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("verdict: FAULT, dead: no gradient reaches h.0.attn.c_proj.lora_B and 1 more", run.Out, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Gradients_OfEveryWeight_NameTheCheckpointsTensors()
    {
        var run = CliRun.Of(Args("--mode", "full", "--batches", "1"));
        Assert.True(run.ExitCode == 0, run.Error);
        foreach (string name in new[] { "wte.weight", "wpe.weight", "h.0.ln_1.bias", "h.0.mlp.c_fc.weight", "act.embed" })
            Assert.Contains($" {name} ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_WithARun_HaveTheAnglesBetweenItsClients()
    {
        var collab = CliRun.Of(["collab", "--model", model.Folder, "--data", model.Texts(), .. StandIns.Small,
            "--clients", "2", "--schemes", "local,fedavg", "--out", model.At("run")]);
        Assert.True(collab.ExitCode == 0, collab.Error);
        var run = CliRun.Of(Args("--batches", "1", "--run", model.At("run"),
            "--adapter", Path.Combine(model.At("run"), "adapters", "local", "client_0"), "--json"));
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Out);
        double Angle(string scheme) => json.RootElement.GetProperty("angles").GetProperty(scheme)[0].GetProperty("degrees")[0][1].GetDouble();
        Assert.InRange(Angle("local"), 1, 179);
        // The last round of FedAvg gives everybody the same adapter.
        Assert.InRange(Angle("fedavg"), 0, 1e-3);
        Assert.Contains("all layers", CliRun.Of(Args("--batches", "1", "--run", model.At("run"))).Out, StringComparison.Ordinal);
        CliRun.Refused(["no such folder"], Args("--run", model.At("nowhere")));
    }

    [Fact]
    public void Gradients_OptionsThatExcludeEachOther_AreRefused()
    {
        CliRun.Refused(["--adapter and --mode full"], Args("--adapter", model.Folder, "--mode", "full"));
        CliRun.Refused(["--adapter", "its own rank"], Args("--adapter", model.Folder, "--rank", "2"));
        CliRun.Refused(["--batches '0'"], Args("--batches", "0"));
        CliRun.Refused(["inspect: say what", "inspect gradients"], "inspect");
    }
}
