using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>A model with more ids than its tokenizer has tokens, as where embeddings are padded to a multiple of 64: here the shipped one with a tokenizer
/// of 300 of its 1,088.</summary>
public sealed class SmallerTokenizerTests : IDisposable
{
    private const int Tokens = 300;

    private readonly TemporaryFolder _folder = new();

    public SmallerTokenizerTests()
    {
        string text = _folder.File("text.txt", string.Concat(Enumerable.Range(0, 200).Select(i => $"the council met number {i} on the harbour and the "
            + $"market {i * 7 % 13}.\n")));
        var run = CliRun.Of("train-tokenizer", "--data", text, "--vocab", $"{Tokens}", "--out", Tokenizer);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    private string Tokenizer => _folder.At("tokenizer");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--temperature", "4")]
    [InlineData("--temperature", "50")]
    [InlineData("--temperature", "0")]
    [InlineData("--top-k", "5")]
    [InlineData("--top-p", "0.9")]
    public void Generate_IdsWithoutAToken_AreNeverDrawn(string option, string value)
    {
        var run = CliRun.Of("generate", "--tokenizer", Tokenizer, "--prompt", "the council", "--length", "60", option, value, "--seed", "2", "--json",
            "--threads", "1");
        Assert.True(run.ExitCode == 0, run.Error);
        int[] ids = [.. JsonDocument.Parse(run.Out).RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.InRange(id, 0, Tokens - 2)); // the last one ends the text
    }

    [Fact]
    public void InspectLogits_IdsWithoutAToken_AreShownAsSuch()
    {
        string[] command = ["inspect logits", "--tokenizer", Tokenizer, "--text", "the council met", "--most-probable", "5000", "--threads", "1"];
        var table = CliRun.Of(command);
        Assert.True(table.ExitCode == 0, table.Error);
        Assert.Contains("(no token 300)", table.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("(no token 299)", table.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001B', table.Out); // a byte has that token: it is shown as text
        var top = JsonDocument.Parse(CliRun.Of([.. command,
            "--json"]).Out).RootElement.GetProperty("models")[0].GetProperty("positions")[0].GetProperty("top").EnumerateArray().ToArray();
        Assert.All(top, t => Assert.Equal(t.GetProperty("id").GetInt32() >= Tokens, t.GetProperty("token").ValueKind == JsonValueKind.Null));
        Assert.Equal(1, top.Sum(t => t.GetProperty("probability").GetDouble()), 1e-6);
    }

    [Fact]
    public void InspectTrust_PredictionsWithoutAToken_AreShownAsSuch()
    {
        string data = _folder.At("data");
        foreach (string client in new[] { "a", "b" })
            _folder.File($"data/{client}.txt", string.Concat(Enumerable.Range(0, 300).Select(i => $"the {client} council met number {i} on the harbour "
                + $"{i * 7 % 13}.\n")));
        var run = CliRun.Of("collab", "--data", $"clients:{data}", "--tokenizer", Tokenizer, "--schemes", "prediction", "--iterations", "4", "--trust-freq",
            "2", "--sequence-length", "16",
            "--batch-size", "2", "--train-tokens", "1000", "--trust-tokens", "100", "--report-tokens", "200", "--public-tokens", "200", "--out",
                _folder.At("run"), "--threads", "1", "--keep-rounds", "all");
        Assert.True(run.ExitCode == 0, run.Error);
        string[] command = ["inspect trust", "0", "1", "--run", _folder.At("run"), "--scheme", "prediction", "--threads", "1"];
        var moves = JsonDocument.Parse(CliRun.Of([.. command, "--json"]).Out).RootElement[0].GetProperty("parts").EnumerateArray().SelectMany(p =>
            p.GetProperty("moves").EnumerateArray()).ToArray();
        Assert.Contains(moves, m => m.GetProperty("id").GetInt32() >= Tokens);
        Assert.All(moves, m => Assert.Equal(m.GetProperty("id").GetInt32() >= Tokens, m.GetProperty("token").ValueKind == JsonValueKind.Null));
        var table = CliRun.Of([.. command, "--top", "1000"]);
        Assert.True(table.ExitCode == 0, table.Error);
        Assert.Contains("(no", table.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokenizer_LargerThanItsModel_IsRefusedByEveryCommand()
    {
        string larger = _folder.At("larger"), text = _folder.File("long.txt", string.Concat(Enumerable.Range(0, 4000).Select(i =>
            $"{i * 7919} {Convert.ToString(i * 31L * i, 2)} of words{i % 97}and{i % 89}\n")));
        Assert.Equal(0, CliRun.Of("train-tokenizer", "--data", text, "--vocab", "1500", "--out", larger).ExitCode);
        string[][] commands =
        [
            ["generate", "--prompt", "the"], ["eval", "--data", text], ["train", "--data", text, "--out", _folder.At("t")], ["inspect logits", "--text",
                "the council"],
            ["inspect attention", "--text", "the council"], ["inspect gradients", "--data", text], ["collab", "--data", text, "--out", _folder.At("c")],
        ];
        foreach (string[] command in commands) CliRun.Refused(["tokens, "], [.. command, "--tokenizer", larger]);
    }
}
