namespace LoraCollab.Data.Tests;

public sealed class OwnManifestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Manifest_ReadsEveryClientsFilesFromItsFolder()
    {
        _folder.File("a.txt", "a1\na2\n");
        _folder.File("c.txt", "c1\n");
        _folder.File("more/b.jsonl", "{\"text\": \"b1\"}\n");
        _folder.File("t.txt", "t1\n");
        _folder.File("p.txt", "p1\np2\n");
        string path = _folder.File("letters.json", """
            {
              // Comments are allowed.
              "clients": [
                {"name": "ann", "files": ["a.txt"], "category": "poems", "report": ["t.txt"]},
                {"name": "bob", "files": ["more/b.jsonl", "c.txt"], "category": "prose"},
              ],
              "public": ["p.txt"]
            }
            """);
        ICorpus corpus = Corpora.Open(path);
        Assert.Equal(("letters", "ann bob", "poems prose"), (corpus.Name, string.Join(' ', corpus.Clients), string.Join(' ', corpus.Categories)));
        Document Of(string text, int client, int category) => new(text, category) { Client = client };
        Assert.Equal(
            [Of("a1", 0, 0), Of("a2", 0, 0), Of("t1", 0, 0) with { Part = DocumentPart.Report }, Of("b1", 1, 1), Of("c1", 1, 1),
                new("p1", Document.None) { IsPublic = true }, new("p2", Document.None) { IsPublic = true }],
            corpus.Documents);
        Assert.Contains("names its clients", Assert.Throws<UserException>(() => Corpora.Open(path, new() { Categories = ["poems"] })).Message);
    }

    [Fact]
    public void Partition_OwnTrustAndReportText_ServesItsSplitAlone()
    {
        foreach (var (file, letter, lines) in new[] { ("a", 'a', 30), ("b", 'b', 30), ("t", 't', 9), ("r", 'r', 20), ("p", 'p', 10) })
            _folder.File(file + ".txt", Lines(letter, lines));
        string path = _folder.File("m.json", """
            {"clients": [{"name": "x", "files": ["a.txt"], "trust": ["t.txt"], "report": ["r.txt"]}, {"name": "y", "files": ["b.txt"]}], "public": ["p.txt"]}
            """);
        ITokenizer tokenizer = CharacterTokenizer.FromTexts("abtrp1234567890\n");
        var options = new PartitionOptions { TrainTokens = 150, TrustTokens = 40, ReportTokens = 60, ReferenceTokens = 50 };
        var data = FederatedData.Partition(Corpora.Open(path), tokenizer, options);
        string Letters(int[] ids) => string.Concat(tokenizer.Decode(ids).Where(char.IsLetter).Distinct());
        Assert.Equal(["a", "t", "r", "b", "b", "b", "p"],
            [.. data.Clients.SelectMany(c => new[] { Letters(c.Train), Letters(c.TrustValidation), Letters(c.ReportValidation) }), Letters(data.Reference)]);
        Assert.Equal([150, 40, 60, 150, 40, 60], data.Clients.SelectMany(c => new[] { c.Train.Length, c.TrustValidation.Length, c.ReportValidation.Length }));
        Assert.Empty(data.Manifest.Categories);
        // 9 lines of 9 letters and a separator: 90 tokens of trust text and no more.
        Assert.Contains("the trust text of client x holds 90", Assert.Throws<UserException>(() =>
            FederatedData.Partition(Corpora.Open(path), tokenizer, options with { TrustTokens = 91, ReportTokens = 60 })).Message);
        Assert.Equal(90,
            FederatedData.Partition(Corpora.Open(path), tokenizer, options with { TrustTokens = 120, Shrink = true }).Clients[0].TrustValidation.Length);
    }

    [Fact]
    public void Partition_ClientsWithCategories_HaveTheirShares()
    {
        foreach (char letter in "abc") _folder.File($"{letter}.txt", Lines(letter, 40));
        string path = _folder.File("m.json", """
            {"clients": [{"name": "x", "files": ["a.txt"], "category": "one"}, {"name": "y", "files": ["b.txt"], "category": "two"},
             {"name": "z", "files": ["c.txt"], "category": "one"}]}
            """);
        var options = new PartitionOptions { TrainTokens = 100, TrustTokens = 40, ReportTokens = 40, ReferenceTokens = 60 };
        var data = FederatedData.Partition(Corpora.Open(path), CharacterTokenizer.FromTexts("abc1234567890\n"), options);
        Assert.Equal([[1, 0], [0, 1], [1, 0]], data.Clients.Select(c => c.Shares));
        Assert.Equal(60, data.Reference.Length);
    }

    [Theory]
    [InlineData("""{"clients": []}""", "clients is empty")]
    [InlineData("""{"public": []}""", "clients")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.txt"], "weight": 2}]}""", "weight")]
    [InlineData("""{"clients": [{"name": "a", "files": []}]}""", "client 'a' has no files")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.txt"]}, {"name": "a", "files": ["b.txt"]}]}""", "two clients are called 'a'")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.txt"], "category": "x"}, {"name": "b", "files": ["a.txt"]}]}""", "one has a category")]
    [InlineData("""{"clients": [{"name": "a", "files": ["none.txt"]}]}""", "none.txt: there is no such file")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.pdf"]}]}""", "a.pdf: not a kind of file")]
    [InlineData("""{"clients": [null]}""", "clients[0]: expected an object")]
    [InlineData("""{"clients": [{"name": "a", "files": [null]}]}""", "clients[0].files[0]: expected the name of a file, found null")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.txt"], "trust": [null]}]}""", "clients[0].trust[0]")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.txt"], "report": null}]}""", "report")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.txt"]}], "public": [null]}""", "public[0]")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a\u0000.txt"]}]}""", "clients[0].files[0]")]
    [InlineData("""{"clients": [{"name": "a", "files": [" "]}]}""", "clients[0].files[0]")]
    [InlineData("""{"clients": [{"name": null, "files": ["a.txt"]}]}""", "name")]
    [InlineData("""{"clients": [{"name": "\ud83d", "files": []}]}""", "\uFFFD")]
    [InlineData("""{"clients": [{"name": 5, "files": ["a.txt"]}]}""", "clients[0].name")]
    [InlineData("""{"clients": 5}""", "(at clients, line 1")]
    [InlineData("""{"clients": [{"name": "a", "files": "a.txt"}]}""", "clients[0].files")]
    [InlineData("""{"clients": [{"name": "a", "files": ["~nobody/a.txt"]}]}""", "another user's folder")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.txt", "./a.txt"]}]}""", "clients[0].files[0] and clients[0].files[1] name one file")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.txt"], "report": ["a.txt"]}]}""", "clients[0].files[0] and clients[0].report[0] name one file")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.txt"]}, {"name": "b", "files": ["link.txt"]}]}""",
        "clients[0].files[0] and clients[1].files[0] name one file, 'link.txt'")]
    [InlineData("""{"clients": [{"name": "a", "files": ["a.txt"]}], "public": ["x/../a.txt"]}""", "clients[0].files[0] and public[0]")]
    [InlineData("""{"clients": [{"name": "a", "files": ["empty.txt"]}]}""", "empty.txt: the file is empty")]
    [InlineData("[1]", "expected {")]
    [InlineData("null", "null")]
    public void Open_BadManifest_SaysWhatIsWrong(string json, string expected)
    {
        if (OperatingSystem.IsWindows() && json.Contains("link")) Assert.Skip("links need rights there");
        _folder.File("a.txt", "a\n");
        _folder.File("empty.txt", " \n");
        Directory.CreateDirectory(_folder.At("x"));
        if (json.Contains("link")) File.CreateSymbolicLink(_folder.At("link.txt"), "a.txt");
        var error = Assert.Throws<UserException>(() => Corpora.Open("manifest:" + _folder.File("m.json", json)));
        Assert.Contains(expected, error.Message);
        Assert.Contains(error.Message.StartsWith(_folder.At("m.json"), StringComparison.Ordinal) ? "m.json" : ".txt", error.Message.Replace(".pdf", ".txt"));
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("System.", error.Message);
    }

    [Fact]
    public void Open_TwentyThousandClients_TakesSeconds()
    {
        const int N = 20_000;
        for (int c = 0; c < N; c++) _folder.File($"{c}.txt", $"text of {c}\n");
        string clients = string.Join(",\n", Enumerable.Range(0, N).Select(c => $"{{\"name\": \"c{c}\", \"files\": [\"{c}.txt\"], \"category\": \"k{c}\"}}"));
        string path = _folder.File("m.json", $"{{\"clients\": [{clients}]}}");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(N, Corpora.Open(path).Clients.Count);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    /// <summary>Different lines of nine letters and digits.</summary>
    private static string Lines(char letter, int count) =>
        string.Concat(Enumerable.Range(10, count).Select(i => $"{new string(letter, 7)}{i}\n"));
}
