namespace LoraCollab.Data.Tests;

public class TextOverlapTests
{
    private const string Thirteen = "one two three four five six seven eight nine ten eleven twelve thirteen";

    [Theory]
    [InlineData(Thirteen, 1, 1.0)]
    [InlineData("One, two -- THREE four five six; seven eight nine ten eleven twelve thirteen!", 1, 1.0)]
    [InlineData("zero " + Thirteen + " fourteen", 1, 1.0 / 3)]
    [InlineData("one two three four five six seven eight nine ten eleven twelve thirty and more words", 0, 0.0)]
    [InlineData("two one three four five six seven eight nine ten eleven twelve thirteen", 0, 0.0)]
    [InlineData("a short line", 1, 1.0)]
    [InlineData("its own line", 1, 1.0)]
    [InlineData("a short", 0, 0.0)]
    [InlineData("short line", 0, 0.0)]
    [InlineData("one two three", 0, 0.0)]
    [InlineData("...", 0, 0.0)]
    public void Of_OneDocument_FindsThirteenWordsInARow(string document, double documents, double grams)
    {
        var share = new TextOverlap(["before it: " + Thirteen + ", and after.", "A short line.", "a heading\nits own line\n"]).Of([document]);
        Assert.Equal(documents, share.Documents);
        Assert.Equal(grams, share.Grams, 1e-12);
    }

    [Fact]
    public void Of_SeveralDocuments_IsTheirShare() =>
        Assert.Equal(0.25, new TextOverlap([Thirteen]).Of([Thirteen, "x", "y", "z"]).Documents);

    [Fact]
    public void Of_RunsAcrossTwoDocumentsOfTheText_IsNothing() =>
        Assert.Equal(0, new TextOverlap(["one two three four five six", "seven eight nine ten eleven twelve thirteen"]).Of([Thirteen]).Documents);

    [Fact]
    public void Mark_OfDealtData_CountsEveryClientsOwnDocumentsAndChangesNothingElse()
    {
        // Document d is its number thirteen times; the pretraining text holds those of category 1.
        var corpus = new DocumentCorpus("numbers", ["a", "b"],
            [.. Enumerable.Range(0, 200).Select(d => new Document(string.Join(' ', Enumerable.Repeat($"n{d}", 13)), d % 2))]);
        var pretraining = new DocumentCorpus("seen", [], [.. corpus.Documents.Where(d => d.Category == 1).Select(d => d with { Category = Document.None })]);
        var options = new PartitionOptions { Clients = 2, TrainTokens = 300, TrustTokens = 100, ReportTokens = 100, ReferenceTokens = 100 };
        var data = FederatedData.Partition(corpus, CharacterTokenizer.FromTexts(corpus.Documents.Select(d => d.Text).Append("\n")), options);
        Assert.Equal(
            data.Manifest.Clients.Select(c => c.Train.Documents + c.TrustValidation.Documents + c.ReportValidation.Documents),
            data.Clients.Select(c => c.Documents.Count));
        var marked = PretrainingOverlap.Mark(data, corpus, pretraining);
        Assert.Equal([new(0, 0), new(1, 1)], marked.Manifest.PretrainingOverlap!.Clients);
        Assert.Equal(data.Manifest.ToJson(), (marked.Manifest with { PretrainingOverlap = null }).ToJson());
        Assert.DoesNotContain("pretraining", data.Manifest.ToJson(), StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        marked.Save(folder.Path);
        Assert.Equal([new(0, 0), new(1, 1)], FederatedData.Load(folder.Path).Manifest.PretrainingOverlap!.Clients);
    }
}
