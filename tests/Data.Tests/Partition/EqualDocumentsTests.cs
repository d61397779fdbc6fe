namespace LoraCollab.Data.Tests;

/// <summary>No document is in two splits, however often and under whatever names it was brought.</summary>
public sealed class EqualDocumentsTests : IDisposable
{
    private static readonly PartitionOptions Small = new() { TrainTokens = 100, TrustTokens = 40, ReportTokens = 40, ReferenceTokens = 40 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Partition_DocumentsThatStandTwice_AreDealtOnceAndCounted()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(i => $"document {i}")];
        var once = new DocumentCorpus("once", ["x"], [.. lines.Select(l => new Document(l, 0))]);
        // Every second one again, behind the others, with another line end.
        var again = once.Documents.Where((_, i) => i % 2 == 0).Select(d => d with { Text = d.Text + "\r\n" });
        var twice = new DocumentCorpus("once", ["x"], [.. once.Documents, .. again]);
        ITokenizer tokenizer = CharacterTokenizer.FromTexts(twice.Documents.Select(d => d.Text));
        var options = Small with { Clients = 2 };
        var (one, two) = (FederatedData.Partition(once, tokenizer, options), FederatedData.Partition(twice, tokenizer, options));
        Assert.Equal(one.Clients.Select(c => c.Train), two.Clients.Select(c => c.Train));
        Assert.Equal(one.Clients.Select(c => c.ReportValidation), two.Clients.Select(c => c.ReportValidation));
        Assert.Equal(30, two.Manifest.Duplicates);
        Assert.Null(one.Manifest.Duplicates);
        Assert.DoesNotContain("duplicates", one.Manifest.ToJson());
        two.Save(_folder.Path);
        Assert.Equal(30, FederatedData.Load(_folder.Path).Manifest.Duplicates);
    }

    [Fact]
    public void Partition_DocumentOfTwoClients_BelongsToTheFirst()
    {
        _folder.File("ann.txt", string.Concat(Enumerable.Range(0, 40).Select(i => $"ann says {i}\nboth say {i}\n")));
        _folder.File("bob.txt", string.Concat(Enumerable.Range(0, 40).Select(i => $"both say {i}\nbob says {i}\n")));
        var corpus = Corpora.Open("clients:" + _folder.Path);
        var data = FederatedData.Partition(corpus, CharacterTokenizer.FromTexts(corpus.Documents.Select(d => d.Text)), Small);
        Assert.Equal(40, data.Manifest.Duplicates);
        IEnumerable<string> Texts(int client) => data.Clients[client].Documents.Select(d => corpus.Documents[d].Text);
        Assert.Empty(Texts(0).Intersect(Texts(1)));
        Assert.All(data.Clients[1].Documents, d => Assert.StartsWith("bob", corpus.Documents[d].Text));
    }

    /// <summary>What somebody chose to be measured on stays, and leaves the text that is trained on.</summary>
    [Fact]
    public void Partition_TextOfAReportFileAmongTheFiles_IsNotTrainedOn()
    {
        string report = string.Concat(Enumerable.Range(0, 20).Select(i => $"report line {i}\n"));
        _folder.File("a.txt", report + string.Concat(Enumerable.Range(0, 60).Select(i => $"own line {i}\n")));
        _folder.File("r.txt", report);
        var corpus = Corpora.Open(_folder.File("m.json", """{"clients": [{"name": "ann", "files": ["a.txt"], "report": ["r.txt"]}]}"""));
        ITokenizer tokenizer = CharacterTokenizer.FromTexts(corpus.Documents.Select(d => d.Text));
        var data = FederatedData.Partition(corpus, tokenizer, Small);
        Assert.Equal(20, data.Manifest.Duplicates);
        foreach (int[] other in new[] { data.Clients[0].Train, data.Clients[0].TrustValidation, data.Reference })
            Assert.DoesNotContain("report", tokenizer.Decode(other));
        Assert.StartsWith("report", tokenizer.Decode(data.Clients[0].ReportValidation));
    }

    [Fact]
    public void Split_HeldOutDocumentsThatAreTrainedOn_AreDropped()
    {
        var documents = Enumerable.Range(0, 40).Select(i => new Document(i == 9 ? "line 3" : $"line {i}", Document.None)).ToArray();
        ITokenizer tokenizer = CharacterTokenizer.FromTexts(documents.Select(d => d.Text).Append("\n"));
        var split = HoldOut.Split(new DocumentCorpus("x", [], documents), tokenizer);
        Assert.Equal(1, split.Duplicates);
        Assert.Equal("line 19\nline 29\nline 39\n", tokenizer.Decode(split.Validation));
        Assert.Equal(36, tokenizer.Decode(split.Train).Count(c => c == '\n'));
    }

    [Fact]
    public void Partition_ManyClientsShortOfText_AreDealtInLinearTime()
    {
        const int N = 20_000;
        var documents = Enumerable.Range(0, 4 * N).Select(d => new Document($"{d / 4} says {d % 4}", Document.None) { Client = d / 4 }).ToArray();
        var corpus = new DocumentCorpus("many", [], documents, clients: [.. Enumerable.Range(0, N).Select(c => $"c{c}")]);
        ITokenizer tokenizer = CharacterTokenizer.FromTexts(documents.Select(d => d.Text).Append("\n"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var data = FederatedData.Partition(corpus, tokenizer, Small with { Shrink = true, ReferenceTokens = N });
        Assert.Equal(N, data.Clients.Count);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void Partition_ACategoryForEveryDocument_IsRefusedBeforeMemoryIsAskedFor()
    {
        const int K = 50_000;
        var every = Enumerable.Range(0, K);
        var corpus = new DocumentCorpus("ids", [.. every.Select(c => $"c{c}")], [.. every.Select(c => new Document($"text {c}", c))]);
        string message = Assert.Throws<UserException>(() => FederatedData.Partition(corpus, CharacterTokenizer.FromTexts("text 0123456789\n"), Small)).Message;
        Assert.Contains("fewer categories (top:8)", message);
    }
}
