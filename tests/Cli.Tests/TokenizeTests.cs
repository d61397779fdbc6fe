namespace LoraCollab.Cli.Tests;

public class TokenizeTests
{
    private const string Characters = """{"kind": "characters", "characters": ["\n", " ", "a", "b"]}""";

    [Theory]
    [InlineData("ab a\n", "[2,3,1,2,0]")]
    [InlineData("", "[]")]
    public void Tokenize_TextOfKnownCharacters_PrintsAJsonArray(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.File("t/chars.json", Characters);
        var run = CliRun.Of("tokenize", "--tokenizer", folder.At("t"), "--in", folder.File("text.txt", text), "--json");
        Assert.Equal((0, expected + Environment.NewLine, ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public void Tokenize_OpenAiVectors_AgreeWithTheLibrary()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("tokenize", "--tokenizer", Shared.Path("data", "gpt2-tokenizer"), "--in", folder.File("t.txt", "hello 👋 world 🌍"), "--json");
        Assert.Equal("[31373,50169,233,995,12520,234,235]", run.Out.Trim());
    }

    [Fact]
    public void Tokenize_UnknownCharacter_IsRefused()
    {
        using var folder = new TemporaryFolder();
        folder.File("t/chars.json", Characters);
        CliRun.Refused(["'z'"], "tokenize", "--tokenizer", folder.At("t"), "--in", folder.File("text.txt", "az"));
    }

    [Fact]
    public void Tokenize_MissingFileOrFolder_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        folder.File("t/chars.json", Characters);
        CliRun.Refused([folder.At("none.txt")], "tokenize", "--tokenizer", folder.At("t"), "--in", folder.At("none.txt"));
        CliRun.Refused([folder.At("none")], "tokenize", "--tokenizer", folder.At("none"), "--in", folder.File("text.txt", "a"));
        CliRun.Refused([folder.Path], "tokenize", "--tokenizer", folder.At("t"), "--in", folder.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"kind\": \"char")]
    [InlineData("[]")]
    [InlineData("{\"kind\": \"bytes\", \"characters\": [\"a\"]}")]
    public void Tokenize_DamagedTokenizer_IsRefused(string content)
    {
        using var folder = new TemporaryFolder();
        folder.File("t/chars.json", content);
        CliRun.Refused(["chars.json"], "tokenize", "--tokenizer", folder.At("t"), "--in", folder.File("text.txt", "a"));
    }
}
