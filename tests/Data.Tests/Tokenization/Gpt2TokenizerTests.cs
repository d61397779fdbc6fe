using System.Text.Json;

namespace LoraCollab.Data.Tests;

public class Gpt2TokenizerTests
{
    [Fact]
    public void Encode_PublishedVectors_AllMatchAndDecodeBack()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("data", "gpt2-tokenizer", "vectors.json")));
        int count = 0;
        foreach (JsonElement vector in json.RootElement.EnumerateArray())
        {
            string text = vector.GetProperty("text").GetString()!;
            int[] expected = [.. vector.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            int[] ids = Ids.Gpt2.Encode(text);
            Assert.True(expected.SequenceEqual(ids), $"'{text}': expected {string.Join(' ', expected)}, found {string.Join(' ', ids)}");
            Assert.Equal(text, Ids.Gpt2.Decode(ids));
            count++;
        }
        Assert.Equal(101, count);
    }

    [Fact]
    public void Encode_Tinyshakespeare_MatchesNanoGptsPublishedCounts()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        string text = TextFile.Read(Shared.Path("data", "golden", "tinyshakespeare.txt"));
        int cut = (int)(text.Length * 0.9);
        AssertIds(301_966, "502a2bdc8210d1ac5d5674867cb74467dd31db575d25cf6dbb08c8bdbea8680f", Ids.Gpt2.Encode(text[..cut]));
        AssertIds(36_059, "68a53422394c26a655ebe641f5c6f49888e8f4e45fe5d6f02abda63ba3ebd65b", Ids.Gpt2.Encode(text[cut..]));
    }

    [Fact]
    public void Encode_TinyshakespeareInSections_MatchesLlmCsPublishedCounts()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        string[] sections = TextFile.Read(Shared.Path("data", "golden", "tinyshakespeare.txt")).Split("\n\n");
        var ids = new List<int>();
        for (int i = 0; i < sections.Length; i++)
        {
            ids.Add(Ids.Gpt2.EndOfText!.Value);
            ids.AddRange(Ids.Gpt2.Encode(i < sections.Length - 1 ? sections[i] + "\n\n" : sections[i]));
        }
        AssertIds(32_768, "d5ad4a9d91976783859c221697e3e0488675d095f676fe3fedac339caa4c193a", [.. ids.Take(32_768)]);
        AssertIds(305_260, "25f64f50080b1237d8d70e36d9ae43ca00855bbb7d5dcac6118c3cb75eeb7b2f", [.. ids.Skip(32_768)]);
    }

    [Fact]
    public void Load_Gpt2Files_KnowsSizeAndEndOfText()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        Assert.Equal(50257, Ids.Gpt2.VocabularySize);
        Assert.Equal(50256, Ids.Gpt2.EndOfText);
        Assert.Equal("gpt2", Ids.Gpt2.Kind);
    }

    [Fact]
    public void Save_Gpt2Files_LoadGivesTheSameTokenizer()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        using var folder = new TemporaryFolder();
        Ids.Gpt2.Save(folder.At("copy"));
        ITokenizer copy = Data.Tokenization.Tokenizers.Load(folder.At("copy"));
        Assert.Equal(Ids.Gpt2.Hash, copy.Hash);
        Assert.Equal(Ids.Gpt2.Encode("Grüße, world! 日本"), copy.Encode("Grüße, world! 日本"));
    }

    [Theory]
    [InlineData("<|endoftext|>", new[] { 27, 91, 437, 1659, 5239, 91, 29 })]
    [InlineData("", new int[0])]
    public void Encode_SpecialCases_AreOrdinaryText(string text, int[] expected)
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        Assert.Equal(expected, Ids.Gpt2.Encode(text));
        Assert.Equal(text, Ids.Gpt2.Decode(expected));
    }

    [Fact]
    public void Encode_HalfASurrogatePair_BecomesTheReplacementCharacter()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        foreach (var (text, expected) in new[] { ("a\uD800b", "a\uFFFDb"), ("\uDC00", "\uFFFD"), ("x\uD83D", "x\uFFFD"), ("\uDC00\uD800", "\uFFFD\uFFFD") })
            Assert.Equal(expected, Ids.Gpt2.Decode(Ids.Gpt2.Encode(text)));
    }

    [Fact]
    public void Encode_RandomUnicode_DecodesToTheSameText()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        for (int n = 0; n < 300; n++)
        {
            string text = RandomText.Unicode(seed: 1, n);
            Assert.Equal(text, Ids.Gpt2.Decode(Ids.Gpt2.Encode(text)));
        }
    }

    [Fact]
    public void Encode_LongWord_HeapAgreesWithTheLibraryAndIsFast()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        var gpt2 = (Gpt2Tokenizer)Ids.Gpt2;
        string[] words =
            ["a", "hello", " antidisestablishmentarianism", new string('a', 301), "Übergrößenträger", "日本語の長い文字列",
                "!!!!----====", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢"];
        foreach (string word in words)
            Assert.Equal(gpt2.Encode(word), gpt2.MergeByHeap(word));
        Assert.Equal(250_000, gpt2.Encode(new string('a', 1_000_000)).Length);
    }

    [Fact]
    public void Bytes_BeyondTheVocabulary_IsAUserError()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        Assert.Contains("50257", Assert.Throws<UserException>(() => Ids.Gpt2.Decode([50257])).Message);
        Assert.Throws<UserException>(() => Ids.Gpt2.Decode([-1]));
    }

    private static void AssertIds(int count, string sha256, int[] ids)
    {
        Assert.Equal(count, ids.Length);
        Assert.Equal(sha256, Ids.Sha256(ids));
    }
}
