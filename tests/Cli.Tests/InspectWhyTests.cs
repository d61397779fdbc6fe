using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public sealed class InspectWhyTests : IDisposable
{
    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    private string[] Args(params string[] more) =>
        ["inspect", "why", "--model", model.Folder, "--data", model.Text, "--backend", "reference", "--sequence-length", "16", "--batch-size", "2", .. more];

    [Fact]
    public void Why_OfANewA_SaysThatBIsZero()
    {
        var run = CliRun.Of(Args("h.0.attn.c_attn.lora_A"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("← zero: B = 0", run.Out, StringComparison.Ordinal);
        Assert.Contains("verdict: B = 0, as in every new adapter", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Why_OfADeadB_NamesTheReasonWithExitCode1()
    {
        var run = CliRun.Of(Args("h.0.attn.c_attn.lora_B", "--alpha", "1e-50", "--quiet"));
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("verdict: FAULT, dead: lora_backward in h.0.attn.c_attn makes it zero (the scale α/r is 0)\n", run.Out.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Why_AsJson_HasTheRowsOfTheTable()
    {
        var run = CliRun.Of(Args("h.0.ln_2.weight", "--mode", "full", "--json"));
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Out);
        var rows = json.RootElement.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal("classifier_backward", rows[0].GetProperty("op").GetString());
        Assert.Equal(("layernorm_backward", "h.0.ln_2"), (rows[^1].GetProperty("op").GetString(), rows[^1].GetProperty("scope").GetString()));
        Assert.Equal(rows[^1].GetProperty("out").GetDouble(), json.RootElement.GetProperty("norm").GetDouble());
    }

    [Fact]
    public void Why_WithoutATensorOrWithAWrongOne_IsRefused()
    {
        CliRun.Refused(["name a tensor"], Args());
        CliRun.Refused(["'b' belongs to no option"], Args("h.0.attn.c_attn.lora_B", "b"));
        CliRun.Refused(["h.7.attn.c_attn.lora_B: there is no such tensor", "h.0.attn.c_attn.lora_B"], Args("h.7.attn.c_attn.lora_B"));
    }
}
