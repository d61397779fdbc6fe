namespace LoraCollab.Data.Tests;

public sealed class CorporaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AgNewsFolder_ReadsTrainThenTestWithTheirClasses()
    {
        _folder.File("train.csv", "\"2\",\"A \"\"quoted\"\" title\",\"text, with a comma\"\n\"1\",\"two\nlines\",\"x\"\n");
        _folder.File("test.csv", "3,plain,row\n4,last,row\n");
        _folder.File("classes.txt", "World\nSports\nBusiness\nSci/Tech\n");
        ICorpus corpus = Corpora.Open(_folder.Path);
        Assert.Equal("agnews", corpus.Name);
        Assert.Equal(["World", "Sports", "Business", "Sci/Tech"], corpus.Categories);
        Assert.Equal([new("A \"quoted\" title text, with a comma", 1), new("two\nlines x", 0), new("plain row", 2), new("last row", 3)], corpus.Documents);
        Assert.Equal(ClientOrder.Neighbours, corpus.Order);
    }

    [Theory]
    [InlineData("1,only two\n", "row 1: expected 3 columns")]
    [InlineData("1,a,b\nWorld,a,b\n", "row 2: expected a class number")]
    [InlineData("1,a,b\n9,a,b\n", "class 9")]
    [InlineData("1,a,b\n2,a,\"cut o", "quote")]
    [InlineData("Class Index,Title,Description\n", "no row")]
    [InlineData("", "empty")]
    public void Open_BrokenCsv_SaysWhatIsWrong(string csv, string expected)
    {
        _folder.File("train.csv", csv);
        AssertFails(_folder.Path, expected);
    }

    [Fact]
    public void Open_SharedAgNews_HasAllRows()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        ICorpus corpus = Corpora.Open(Shared.Path("data", "agnews"));
        Assert.Equal([1800, 1800, 1800, 1800], corpus.Documents.GroupBy(d => d.Category).OrderBy(g => g.Key).Select(g => g.Count()));
    }

    [Fact]
    public void Open_TextFolder_OneFileACategory()
    {
        _folder.File("b.txt", "one\r\ntwo\n\n  \nthree");
        _folder.File("a.txt", "first\nstill first\n<|endoftext|>\nsecond <|endoftext|> inside\n<|endoftext|>\n");
        ICorpus corpus = Corpora.Open(_folder.Path);
        Assert.Equal(["a", "b"], corpus.Categories);
        Assert.Equal(
            [new("first\nstill first\n", 0), new("second <|endoftext|> inside\n", 0), new("one", 1), new("two", 1), new("three", 1)],
            corpus.Documents);
        Assert.Equal(ClientOrder.Turns, corpus.Order);
    }

    [Fact]
    public void Open_ChosenCategories_KeepsThemInTheirOrder()
    {
        _folder.File("a.txt", "1");
        _folder.File("b.txt", "2");
        _folder.File("c.txt", "3");
        ICorpus corpus = Corpora.Open(_folder.Path, new() { Categories = ["c", "a"] });
        Assert.Equal(["c", "a"], corpus.Categories);
        Assert.Equal([new("1", 1), new("3", 0)], corpus.Documents);
        Assert.Throws<UserException>(() => Corpora.Open(_folder.Path, new() { Categories = ["d"] }));
        Assert.Throws<UserException>(() => Corpora.Open(_folder.Path, new() { Categories = ["a", "a"] }));
    }

    [Fact]
    public void Open_JsonLines_TakesDomainsOfAddressesLargestFirst()
    {
        string path = _folder.File("news.jsonl", """
            {"text": "one", "url": "https://www.b.org/x"}
            {"text": "two", "url": "http://a.com/1"}

            {"text": "three", "url": "https://a.com"}
            """);
        ICorpus corpus = Corpora.Open(path);
        Assert.Equal(["a.com", "b.org"], corpus.Categories);
        Assert.Equal([new("one", 1), new("two", 0), new("three", 0)], corpus.Documents);
    }

    [Fact]
    public void Open_JsonLinesWithChosenFields_ReadsThem()
    {
        string path = _folder.File("x.jsonl", "{\"body\": \"a\", \"kind\": 3, \"category\": \"no\"}\n{\"body\": \"b\", \"kind\": 3}\n");
        ICorpus corpus = Corpora.Open(path, new() { TextField = "body", CategoryField = "kind" });
        Assert.Equal(["3"], corpus.Categories);
        Assert.Equal(2, corpus.Documents.Count);
    }

    [Theory]
    [InlineData("{\"text\": \"a\"}\nnot json\n", "line 2")]
    [InlineData("{\"text\": \"a\"}\n[1]\n", "line 2")]
    [InlineData("{\"body\": \"a\"}\n", "no field 'text'; the fields are body")]
    [InlineData("{\"text\": null}\n", "field 'text' must be text")]
    [InlineData("{\"text\": \"a\", \"url\": \"x\"}\n{\"text\": \"a\"}\n", "line 2: there is no field 'url'")]
    [InlineData("{\"text\": \"\"}\n", "no document")]
    public void Open_BrokenJsonLines_SaysWhatIsWrong(string json, string expected) => AssertFails(_folder.File("x.jsonl", json), expected);

    [Fact]
    public void Open_DamagedJsonLine_NamesTheLineOfTheFile()
    {
        string path = _folder.File("x.jsonl", "{\"text\": \"a\"}\n\n{\"text\": \"b\"\n");
        string message = Assert.Throws<UserException>(() => Corpora.Open(path)).Message;
        Assert.StartsWith($"{path}: line 3: ", message);
        Assert.DoesNotContain("LineNumber", message);
        Assert.Contains("(byte 12 of the line)", message);
    }

    [Fact]
    public void Open_CategoriesOfAText_NamesThePathAndWhatToGive()
    {
        string path = _folder.File("issue4.txt", "one text\n");
        string message = Assert.Throws<UserException>(() => Corpora.Open(path, new CorpusOptions { Categories = ["World", "Sports"] })).Message;
        Assert.StartsWith(path, message);
        foreach (string part in new[] { "World, Sports", "no categories", "folder" }) Assert.Contains(part, message);
    }

    /// <summary>What a reader says of the data as a whole names the file or folder that it was given, not only what the data is called.</summary>
    [Theory]
    [InlineData("file:", "empty.txt", "<|endoftext|>\n<|endoftext|>\n")]
    [InlineData("jsonl:", "empty.jsonl", "{\"text\": \" \"}\n")]
    public void Open_WithoutADocument_NamesTheFile(string format, string name, string text)
    {
        string path = _folder.File(name, text);
        Assert.StartsWith(path + ": ", Assert.Throws<UserException>(() => Corpora.Open(format + path)).Message);
    }

    [Fact]
    public void Open_SingleText_IsOneDocumentUnlessSeparated()
    {
        Assert.Equal([new("a\nb\n", Document.None)], Corpora.Open(_folder.File("x.txt", "a\nb\n")).Documents);
        Assert.Equal(2, Corpora.Open(_folder.File("y.txt", "a\n<|endoftext|>\nb\n")).Documents.Count);
    }

    [Fact]
    public void Open_OwnClients_BindsDocumentsToThemAndTheReferenceToNone()
    {
        _folder.File("alice.txt", "a1\na2\n");
        _folder.File("bob.txt", "b1\n");
        _folder.File("public.txt", "p\n");
        ICorpus corpus = Corpora.Open("clients:" + _folder.Path);
        Assert.Empty(corpus.Categories);
        Assert.Equal(["alice", "bob"], corpus.Clients);
        Assert.Equal([0, 0, 1, Document.None], corpus.Documents.Select(d => d.Client));
        Assert.Equal([false, false, false, true], corpus.Documents.Select(d => d.IsPublic));
    }

    [Fact]
    public void Partition_OwnClients_EachKeepsItsOwnTextAndShrinksAlone()
    {
        _folder.File("a.txt", string.Join('\n', Enumerable.Range(0, 100).Select(i => $"{i:000000000}".Replace('0', 'a'))));
        _folder.File("b.txt", string.Join('\n', Enumerable.Range(0, 12).Select(i => $"{i:000000000}".Replace('0', 'b'))));
        ICorpus corpus = Corpora.Open("clients:" + _folder.Path);
        var tokenizer = CharacterTokenizer.FromTexts("ab123456789\n");
        var options = new PartitionOptions { TrainTokens = 100, TrustTokens = 40, ReportTokens = 100, ReferenceTokens = 40 };
        Assert.Contains("client b", Assert.Throws<UserException>(() => FederatedData.Partition(corpus, tokenizer, options)).Message);
        var data = FederatedData.Partition(corpus, tokenizer, options with { Shrink = true });
        Assert.Equal(100, data.Clients[0].Train.Length);
        Assert.InRange(data.Clients[1].Train.Length, 20, 60);
        Assert.DoesNotContain(tokenizer.Encode("a")[0], data.Clients[1].Train);
        Assert.Equal(("own", "b"), (data.Manifest.Distribution, data.Clients[1].Name));
        Assert.Throws<UserException>(() => FederatedData.Partition(corpus, tokenizer, options with { Clients = 3 }));
    }

    [Theory]
    [InlineData("x.txt", "a")]
    [InlineData("x.txt", "b")]
    public void Hash_AnyText_DependsOnIt(string name, string text)
    {
        string path = _folder.File(name, text);
        string hash = Corpora.Open(path).Hash;
        Assert.Equal(hash, Corpora.Open(path).Hash);
        Assert.NotEqual(hash, Corpora.Open(_folder.File(name, text + "c")).Hash);
    }

    [Fact]
    public void Open_NothingThere_SaysWhatCanBeOpened()
    {
        AssertFails("no-such-data", "no such file, folder or embedded data");
        AssertFails("", "no name");
        AssertFails(_folder.Path, "an empty folder");
        _folder.File("model.safetensors", "x");
        AssertFails(_folder.Path, "model.safetensors");
        AssertFails("agnews:" + _folder.Path, "train.csv");
        AssertFails("text:" + _folder.Path, ".txt");
    }

    private static void AssertFails(string spec, string expected)
    {
        var error = Assert.Throws<UserException>(() => Corpora.Open(spec));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
