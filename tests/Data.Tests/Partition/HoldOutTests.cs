namespace LoraCollab.Data.Tests;

public class HoldOutTests
{
    [Fact]
    public void Split_Tinyshakespeare_HasNanoGptsNumbers()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        ICorpus corpus = Corpora.Open(Shared.Path("data", "golden", "tinyshakespeare.txt"));
        var (train, validation) = HoldOut.Split(corpus, CharacterTokenizer.FromTexts(corpus.Documents[0].Text));
        Assert.Equal((1_003_854, 111_540), (train.Length, validation.Length));
    }

    [Fact]
    public void Split_OneDocument_CountsCodePoints()
    {
        var corpus = new DocumentCorpus("one", [], [new Document("😀😀😀😀😀😀😀😀😀b", Document.None)]);
        var (train, validation) = HoldOut.Split(corpus, CharacterTokenizer.FromTexts("😀b"));
        Assert.Equal(9, train.Length);
        Assert.Equal([0], validation);
    }

    [Fact]
    public void Split_ManyDocuments_HoldsOutEveryTenth()
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(1, 95);
        var (train, validation) = HoldOut.Split(corpus, tokenizer, 0.1);
        Assert.Equal([9, 19, 29, 39, 49, 59, 69, 79, 89], MarkedCorpus.DocumentsOf(validation, tokenizer).Order());
        Assert.Equal(86, MarkedCorpus.DocumentsOf(train, tokenizer).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Split_FractionOutOfRange_IsAUserError(double fraction)
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(1, 9);
        Assert.Throws<UserException>(() => HoldOut.Split(corpus, tokenizer, fraction));
    }

    [Fact]
    public void Split_TooLittleText_IsAUserError()
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(1, 5);
        Assert.Contains("too little text", Assert.Throws<UserException>(() => HoldOut.Split(corpus, tokenizer, 0.1)).Message);
    }
}
