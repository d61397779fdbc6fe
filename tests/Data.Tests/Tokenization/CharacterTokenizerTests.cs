namespace LoraCollab.Data.Tests;

public class CharacterTokenizerTests
{
    [Fact]
    public void FromTexts_Text_GivesIdsInOrderOfCodePoints()
    {
        var tokenizer = CharacterTokenizer.FromTexts("cab😀\n", "é");
        Assert.Equal(6, tokenizer.VocabularySize);
        Assert.Equal([0, 1, 2, 3, 4, 5], tokenizer.Encode("\nabcé😀"));
        Assert.Equal("b😀a", ((ITokenizer)tokenizer).Decode(tokenizer.Encode("b😀a")));
        Assert.Null(tokenizer.EndOfText);
    }

    [Fact]
    public void FromTexts_Tinyshakespeare_HasNanoGptsSixtyFiveCharacters()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        string text = TextFile.Read(Shared.Path("data", "golden", "tinyshakespeare.txt"));
        var tokenizer = CharacterTokenizer.FromTexts(text);
        Assert.Equal(65, tokenizer.VocabularySize);
        Assert.Equal(1_115_394, tokenizer.Encode(text).Length);
    }

    [Fact]
    public void Encode_UnknownCharacter_NamesItAndItsPlace()
    {
        var error = Assert.Throws<UserException>(() => CharacterTokenizer.FromTexts("abc").Encode("abéc"));
        Assert.Contains("'é' (U+00E9) at position 3", error.Message);
    }

    [Fact]
    public void FromTexts_NoText_IsAUserError() => Assert.Throws<UserException>(() => CharacterTokenizer.FromTexts(""));

    [Fact]
    public void Save_QuotesControlsAndEmoji_LoadGivesTheSame()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = CharacterTokenizer.FromTexts("\"\\\n\t\0<é😀\uFFFD");
        tokenizer.Save(folder.Path);
        ITokenizer loaded = Data.Tokenization.Tokenizers.Load(folder.Path);
        Assert.Equal("characters", loaded.Kind);
        Assert.Equal(tokenizer.Hash, loaded.Hash);
        Assert.Equal(tokenizer.Encode("<é\0😀"), loaded.Encode("<é\0😀"));
    }
}
