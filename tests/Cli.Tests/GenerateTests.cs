using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public sealed class GenerateTests : IDisposable
{
    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    private string[] Generate(params string[] more) => ["generate", "--model", model.Folder, "--backend", "reference", .. more];

    [Fact]
    public void Generate_SameSeed_WritesTheSameText()
    {
        var first = CliRun.Of(Generate("--prompt", "the cat", "--length", "30"));
        Assert.Equal(0, first.ExitCode);
        Assert.StartsWith("the cat", first.Out, StringComparison.Ordinal);
        Assert.True(first.Out.TrimEnd('\r', '\n').Length >= "the cat".Length + 20, first.Out);
        Assert.Equal(first.Out, CliRun.Of(Generate("--prompt", "the cat", "--length", "30")).Out);
        Assert.NotEqual(first.Out, CliRun.Of(Generate("--prompt", "the cat", "--length", "30", "--seed", "2")).Out);
    }

    [Fact]
    public void Generate_AsJson_HasAnIdForEachToken()
    {
        var run = CliRun.Of(Generate("--prompt", "the", "--length", "5", "--json"));
        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(5, json.RootElement.GetProperty("ids").GetArrayLength());
        Assert.Equal(5, json.RootElement.GetProperty("text").GetString()!.Length);
    }

    [Fact]
    public void Generate_WrongInput_IsRefusedByName()
    {
        CliRun.Refused(["--prompt is required"], Generate());
        CliRun.Refused(["'Z'"], Generate("--prompt", "Z"));
        CliRun.Refused(["--temperature '0,8'"], Generate("--prompt", "the", "--temperature", "0,8"));
        CliRun.Refused(["top-p"], Generate("--prompt", "the", "--top-p", "1.5"));
        CliRun.Refused(["--top-k '-1'"], Generate("--prompt", "the", "--top-k", "-1"));
        CliRun.Refused(["none"], Generate("--prompt", "the", "--adapter", model.At("none")));
        CliRun.Refused(["no such folder"], "generate", "--model", model.At("none"), "--prompt", "the");
        CliRun.Refused(["gpt2", "--tokenizer"], "generate", "--model", "gpt2", "--prompt", "the");
    }
}
