using System.Text.Json;

namespace LoraCollab.Data.Tests;

public class TokenizersTests
{
    private static readonly string[] ByteTokens = [.. ByteSymbols.InIdOrder.Select(b => ByteSymbols.Symbol(b).ToString())];

    [Fact]
    public void Load_MissingFolder_NamesIt() => AssertFails(Path.Combine(Path.GetTempPath(), "no-such-folder-here"), "no such tokenizer folder");

    [Fact]
    public void Load_FolderWithoutTokenizer_SaysWhatItLooksFor()
    {
        using var folder = new TemporaryFolder();
        AssertFails(folder.Path, "chars.json");
    }

    [Theory]
    [InlineData("vocab.json", "merges.txt is missing")]
    [InlineData("merges.txt", "vocab.json is missing")]
    [InlineData("encoder.json", "vocab.bpe is missing")]
    public void Load_OneFileOfTwo_NamesTheMissingOne(string present, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.File(present, "{}");
        AssertFails(folder.Path, expected);
    }

    [Theory]
    [InlineData("{\"a\": 0, \"b\"", "#version: 0.2\n", "vocab.json")]
    [InlineData("[1, 2]", "#version: 0.2\n", "JSON object")]
    [InlineData("{\"a\": 5}", "#version: 0.2\n", "ids 0 to 0")]
    [InlineData("{\"a\": 0}", "#version: 0.2\n", "no token for byte")]
    [InlineData("", "#version: 0.2\n", "vocab.json")]
    public void Load_BrokenVocabulary_SaysWhatIsWrong(string vocabulary, string merges, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.File("vocab.json", vocabulary);
        folder.File("merges.txt", merges);
        AssertFails(folder.Path, expected);
    }

    [Theory]
    [InlineData("a b\nab c d\n", "line 2")]
    [InlineData("a b\nb\n", "line 2")]
    [InlineData("a b\nc d\n", "'cd'")]
    [InlineData("\n", "no merge makes 1 of 258 tokens, such as 'ab'")]
    [InlineData("<html>\n", "line 1")]
    public void Load_BrokenMerges_SaysWhatIsWrong(string merges, string expected)
    {
        using var folder = new TemporaryFolder();
        WriteVocabulary(folder, [.. ByteTokens, "ab", "<|endoftext|>"]);
        folder.File("merges.txt", merges);
        AssertFails(folder.Path, expected);
    }

    [Fact]
    public void Load_SmallVocabulary_EncodesWithIt()
    {
        using var folder = new TemporaryFolder();
        WriteVocabulary(folder, [.. ByteTokens, "ab", "<|endoftext|>"]);
        folder.File("merges.txt", "#version: 0.2\r\na b\r\n");
        ITokenizer tokenizer = Data.Tokenizers.Load(folder.Path);
        Assert.Equal([256, 256, tokenizer.Encode("a")[0]], tokenizer.Encode("ababa"));
        Assert.Equal(257, tokenizer.EndOfText);
    }

    [Fact]
    public void Load_MergedTokenThatLooksSpecial_StillStandsForItsBytes()
    {
        using var folder = new TemporaryFolder();
        WriteVocabulary(folder, [.. ByteTokens, "<Ġ", "<Ġ>", "[PAD]", "<|endoftext|>"]);
        folder.File("merges.txt", "< Ġ\n<Ġ >\n");
        ITokenizer tokenizer = Data.Tokenizers.Load(folder.Path);
        Assert.Equal("a< >[PAD]", tokenizer.Decode([tokenizer.Encode("a")[0], 257, 258]));
        Assert.Equal(5, tokenizer.Encode("[PAD]").Length);
    }

    [Theory]
    [InlineData("{\"kind\": \"words\", \"characters\": [\"a\"]}")]
    [InlineData("{\"kind\": \"characters\"}")]
    [InlineData("{\"kind\": \"characters\", \"characters\": []}")]
    [InlineData("{\"kind\": \"characters\", \"characters\": [\"a\", \"a\"]}")]
    [InlineData("{\"kind\": \"characters\", \"characters\": [\"ab\"]}")]
    [InlineData("{\"kind\": \"characters\", \"characters\": [1]}")]
    [InlineData("{\"kind\": \"char")]
    [InlineData("[]")]
    public void Load_BrokenCharacters_IsAUserError(string json)
    {
        using var folder = new TemporaryFolder();
        folder.File("chars.json", json);
        AssertFails(folder.Path, "chars.json");
    }

    private static void WriteVocabulary(TemporaryFolder folder, string[] tokens) =>
        folder.File("vocab.json", JsonSerializer.Serialize(tokens.Select((token, id) => (token, id)).ToDictionary(p => p.token, p => p.id)));

    private static void AssertFails(string folder, string expected)
    {
        var error = Assert.Throws<UserException>(() => Data.Tokenizers.Load(folder));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
