namespace LoraCollab.Data.Tests;

public class TokenizersTests
{
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
    [InlineData("null", "#version: 0.2\n", "JSON object")]
    [InlineData("{\"a\": null}", "", "'a' has the id null, expected a whole number")]
    [InlineData("{\"a\": -1}", "", "'a' has the id -1, expected a whole number")]
    [InlineData("{\"a\": 4294967296}", "", "'a' has the id 4294967296, expected a whole number")]
    [InlineData("{\"a\": 1.5}", "", "'a' has the id 1.5, expected a whole number")]
    [InlineData("{\"a\": \"0\"}", "", "'a' has the id \"0\", expected a whole number")]
    [InlineData("{\"a\": [[]]}", "", "'a' has the id [[]], expected a whole number")]
    [InlineData("{\"a\": 0, \"a\": 0}", "", "'a' stands there twice")]
    [InlineData("{\"a\": 0, \"b\": 0}", "", "each once, but 'b' has id 0")]
    [InlineData("{\"\\ud83d\": 0, \"\\ude00\": 1}", "", "'\uFFFD' stands there twice")]
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
    [InlineData("#version: 0.2\na b\n\na b\n", "line 4: the merge 'a b' stands there a second time")]
    [InlineData("#version: 0.2\r\na b\r\na b\r\n", "line 3: the merge 'a b' stands there a second time")]
    [InlineData("#version: 0.2\na b\na zz\n", "line 3: the merge 'a zz' needs the token 'zz'")]
    [InlineData("a \u001b[31m\n", "'a \\u001B[31m'")]
    public void Load_BrokenMerges_SaysWhatIsWrong(string merges, string expected)
    {
        using var folder = new TemporaryFolder();
        WriteVocabulary(folder, [.. SmallBpe.Bytes, "ab", "<|endoftext|>"]);
        folder.File("merges.txt", merges);
        AssertFails(folder.Path, expected);
    }

    [Fact]
    public void Load_SmallVocabulary_EncodesWithIt()
    {
        using var folder = new TemporaryFolder();
        WriteVocabulary(folder, [.. SmallBpe.Bytes, "ab", "<|endoftext|>"]);
        folder.File("merges.txt", "#version: 0.2\r\na b\r\n");
        ITokenizer tokenizer = Data.Tokenization.Tokenizers.Load(folder.Path);
        Assert.Equal([256, 256, tokenizer.Encode("a")[0]], tokenizer.Encode("ababa"));
        Assert.Equal(257, tokenizer.EndOfText);
    }

    [Theory]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    public void Load_ByteOrderMark_IsSkipped(string file)
    {
        using var plain = new SmallBpe().Pair();
        using var marked = new SmallBpe().Pair();
        marked.File(file, "\uFEFF" + File.ReadAllText(marked.At(file)));
        Assert.Equal(plain.Load().Hash, marked.Load().Hash);
    }

    [Fact]
    public void Load_InvalidUtf8_NamesTheFile()
    {
        using var folder = new SmallBpe().Pair();
        File.WriteAllBytes(folder.At("merges.txt"), [.. "a b\n"u8, 0xC3, .. " b\n"u8]);
        Assert.Contains("merges.txt: not UTF-8", folder.Refused());
    }

    [Fact]
    public void Load_LongForeignToken_IsQuotedShort()
    {
        using var folder = new SmallBpe().Pair([.. SmallBpe.Tokens, new string('x', 1_000_000)]);
        Assert.InRange(folder.Refused().Length, 100, 400);
    }

    [Fact]
    public void Load_HalfAMillionMerges_TakesTimeInProportion()
    {
        // Tokens of two, then of three, ... letters: every merge makes one.
        string[] letters = [.. Enumerable.Range('a', 26).Select(c => ((char)c).ToString())];
        var tokens = new List<string>(SmallBpe.Bytes);
        var merges = new List<string>();
        string[] last = letters;
        while (tokens.Count < 500_000)
        {
            string[] longer = [.. last.SelectMany(l => letters, (l, c) => l + c).Take(500_000 - tokens.Count)];
            merges.AddRange(longer.Select(t => $"{t[..^1]} {t[^1]}"));
            tokens.AddRange(last = longer);
        }
        using var folder = new SmallBpe().File("vocab.json", SmallBpe.Vocabulary(tokens)).File("merges.txt", string.Join('\n', merges));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(500_000, folder.Load().VocabularySize);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void Load_MergedTokenThatLooksSpecial_StillStandsForItsBytes()
    {
        using var folder = new TemporaryFolder();
        WriteVocabulary(folder, [.. SmallBpe.Bytes, "<Ġ", "<Ġ>", "[PAD]", "<|endoftext|>"]);
        folder.File("merges.txt", "< Ġ\n<Ġ >\n");
        ITokenizer tokenizer = Data.Tokenization.Tokenizers.Load(folder.Path);
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
    [InlineData("{\"kind\": \"characters\", \"characters\": [null]}")]
    [InlineData("{\"kind\": \"characters\", \"characters\": {\"a\": 0}}")]
    [InlineData("{\"kind\": \"characters\", \"characters\": [\"\\ud83d\", \"\\ude00\"]}")]
    [InlineData("{\"kind\": 7, \"characters\": [\"a\"]}")]
    [InlineData("null")]
    [InlineData("{\"kind\": \"char")]
    [InlineData("[]")]
    public void Load_BrokenCharacters_IsAUserError(string json)
    {
        using var folder = new TemporaryFolder();
        folder.File("chars.json", json);
        AssertFails(folder.Path, "chars.json");
    }

    private static void WriteVocabulary(TemporaryFolder folder, string[] tokens) => folder.File("vocab.json", SmallBpe.Vocabulary(tokens));

    private static void AssertFails(string folder, string expected)
    {
        var error = Assert.Throws<UserException>(() => Data.Tokenization.Tokenizers.Load(folder));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("System.", error.Message);
    }
}
