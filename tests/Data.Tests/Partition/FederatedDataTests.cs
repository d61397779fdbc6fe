namespace LoraCollab.Data.Tests;

public class FederatedDataTests
{
    private static readonly PartitionOptions Small = new() { Clients = 8, TrainTokens = 103, TrustTokens = 51, ReportTokens = 70, ReferenceTokens = 90 };

    [Theory]
    [InlineData("specific")]
    [InlineData("mixed")]
    [InlineData("uniform")]
    [InlineData("dirichlet:0.3")]
    public void Partition_AnyDistribution_SplitsShareNoDocumentAndMeetTheirSizes(string distribution)
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(4, 300);
        var data = FederatedData.Partition(corpus, tokenizer, Small with { Distribution = Distribution.Parse(distribution) });
        int[][] splits = [data.Reference, .. data.Clients.SelectMany(c => new[] { c.Train, c.TrustValidation, c.ReportValidation })];
        Assert.Equal([90, .. Enumerable.Repeat(new[] { 103, 51, 70 }, 8).SelectMany(s => s)], splits.Select(s => s.Length));
        var documents = splits.Select(s => MarkedCorpus.DocumentsOf(s, tokenizer)).ToList();
        Assert.Equal(documents.Sum(d => d.Count), documents.SelectMany(d => d).Distinct().Count());
        Assert.Equal(
            documents.Sum(d => d.Count),
            data.Manifest.Reference.Documents + data.Manifest.Clients.Sum(c => c.Train.Documents + c.TrustValidation.Documents + c.ReportValidation.Documents));
    }

    [Fact]
    public void Partition_Mixed_TrueSharesAreThoseOfTheTokens()
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(4, 300);
        var data = FederatedData.Partition(corpus, tokenizer, Small with { TrainTokens = 400, Clients = 4, Distribution = Distribution.Mixed });
        Assert.Equal([0.25, 0.75, 0, 0], data.Clients[0].Shares);
        Assert.Equal([0, 0, 0.75, 0.25], data.Clients[3].Shares);
        int[] own = [.. MarkedCorpus.DocumentsOf(data.Clients[3].Train, tokenizer).Select(d => d % 4).Distinct().Order()];
        Assert.Equal([2, 3], own);
    }

    [Fact]
    public void Partition_SameOptions_GivesTheSameIdsAndAnotherSeedOthers()
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(3, 200);
        string Json(ulong seed) => FederatedData.Partition(corpus, tokenizer, Small with { Seed = seed, Clients = 3 }).Manifest.ToJson();
        Assert.Equal(Json(1), Json(1));
        Assert.NotEqual(Json(1).Replace("\"seed\": 1", "\"seed\": 2"), Json(2));
    }

    [Fact]
    public void Partition_MoreTrainingTokens_LeavesTheOtherSplitsAsTheyAre()
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(2, 400);
        var little = FederatedData.Partition(corpus, tokenizer, Small);
        var more = FederatedData.Partition(corpus, tokenizer, Small with { TrainTokens = 300 });
        Assert.Equal(little.Reference, more.Reference);
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(little.Clients[i].TrustValidation, more.Clients[i].TrustValidation);
            Assert.Equal(little.Clients[i].ReportValidation, more.Clients[i].ReportValidation);
        }
    }

    [Theory]
    [InlineData(4, 8)]
    [InlineData(3, 9)]
    [InlineData(2, 8)]
    [InlineData(5, 10)]
    public void Partition_NoClientCount_TakesThatOfThePaper(int categories, int clients)
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(categories, 400);
        Assert.Equal(clients, FederatedData.Partition(corpus, tokenizer, Small with { Clients = null }).Clients.Count);
    }

    [Fact]
    public void Partition_MoreClientsThanTheDataCanFeed_SaysSoWithNumbers()
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(2, 50);
        string message = Assert.Throws<UserException>(() => FederatedData.Partition(corpus, tokenizer, Small with { Clients = 20 })).Message;
        Assert.Contains("more clients than the data can feed", message);
        Assert.Contains("20 clients", message);
        Assert.Contains("50 documents hold 550", message);
    }

    [Fact]
    public void Partition_Shrink_FitsTheDataInProportion()
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(2, 60);
        var data = FederatedData.Partition(corpus, tokenizer,
            Small with { Clients = 4, TrainTokens = 400, TrustTokens = 200, ReportTokens = 400, Shrink = true });
        int train = data.Clients[0].Train.Length;
        Assert.InRange(train, 50, 130);
        Assert.All(data.Clients, c => Assert.Equal(train, c.Train.Length));
        Assert.All(data.Clients, c => Assert.InRange(c.TrustValidation.Length / (double)train, 0.48, 0.52));
    }

    [Fact]
    public void Partition_ShrinkBelowOneWindow_IsAUserError()
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(2, 60);
        string message = Assert.Throws<UserException>(() =>
            FederatedData.Partition(corpus, tokenizer, Small with { Clients = 100, Shrink = true, MinimumTokens = 33 })).Message;
        Assert.Contains("smallest useful size of 33", message);
    }

    [Fact]
    public void Partition_TrustIsReport_IsOneText()
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(2, 300);
        var data = FederatedData.Partition(corpus, tokenizer, Small with { TrustIsReport = true });
        Assert.All(data.Clients, c => Assert.Same(c.ReportValidation, c.TrustValidation));
        Assert.True(data.Manifest.TrustIsReport);
    }

    [Fact]
    public void Partition_Separators_StandAfterEveryDocumentUnlessBlanksJoinThem()
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(1, 300, length: 4);
        int newline = tokenizer.Encode("\n")[0], blank = tokenizer.Encode(" ")[0];
        var data = FederatedData.Partition(corpus, tokenizer, Small with { Clients = 1, TrainTokens = 102 });
        Assert.Equal(21, data.Clients[0].Train.Count(id => id == newline)); // 20 whole documents of 4 + 1, and a cut one of 1 + 1
        Assert.Equal("newline", data.Manifest.JoinedBy);
        var joined = FederatedData.Partition(corpus, tokenizer, Small with { Clients = 1, TrainTokens = 100, JoinWithBlank = true });
        Assert.Equal(20, joined.Clients[0].Train.Count(id => id == blank));
        Assert.Equal(0, joined.Clients[0].Train.Count(id => id == newline));
        Assert.Equal("blank", joined.Manifest.JoinedBy);
    }

    [Fact]
    public void Partition_DataWithoutCategories_DealsItAndKnowsNoShares()
    {
        var documents = Enumerable.Range(0, 200).Select(d => new Document(MarkedCorpus.TextOf(d, 9), Document.None)).ToList();
        var data = FederatedData.Partition(
            new DocumentCorpus("plain", [], documents),
            CharacterTokenizer.FromTexts(documents.Select(d => d.Text)),
            Small with { Clients = 3 });
        Assert.Empty(data.Manifest.Categories);
        Assert.All(data.Clients, c => Assert.Empty(c.Shares));
    }

    [Theory]
    [InlineData(0, 100, 100, 100, 100)]
    [InlineData(2, 10, 100, 100, 100)]
    [InlineData(2, 100, 10, 100, 100)]
    [InlineData(2, 100, 100, -5, 100)]
    [InlineData(2, 100, 100, 100, 5)]
    public void Partition_OptionsOutOfRange_AreUserErrors(int clients, int train, int trust, int report, int reference)
    {
        var (corpus, tokenizer) = MarkedCorpus.Make(2, 100);
        var options = new PartitionOptions
        {
            Clients = clients,
            TrainTokens = train,
            TrustTokens = trust,
            ReportTokens = report,
            ReferenceTokens = reference,
            MinimumTokens = 17,
        };
        Assert.Throws<UserException>(() => FederatedData.Partition(corpus, tokenizer, options));
    }

    [Theory]
    [InlineData("agnews", 8)]
    [InlineData("multiwiki", 9)]
    [InlineData("codewiki", 8)]
    public void Partition_SharedData_FeedsThePapersClients(string folder, int clients)
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        var data = FederatedData.Partition(Corpora.Open(Shared.Path("data", folder)), Ids.Gpt2, new PartitionOptions());
        Assert.Equal(clients, data.Clients.Count);
        Assert.All(data.Clients, c => Assert.Equal((4096, 2048, 4096), (c.Train.Length, c.TrustValidation.Length, c.ReportValidation.Length)));
        Assert.All(data.Clients, c => Assert.Equal(1, c.Shares.Max()));
        Assert.Equal("end-of-text", data.Manifest.JoinedBy);
    }

    [Fact]
    public void Apportion_AnyProportions_SumsToTheTotal()
    {
        Assert.Equal([3073, 1024], Apportionment.Of(4097, [0.75, 0.25]));
        Assert.Equal([4, 3, 3], Apportionment.Of(10, [1, 1, 1]));
        Assert.Equal([0, 7], Apportionment.Of(7, [0, 0.1]));
    }

    [Fact]
    public void Save_ThenLoad_GivesTheSameData()
    {
        using var folder = new TemporaryFolder();
        var (corpus, tokenizer) = MarkedCorpus.Make(4, 100);
        var data = FederatedData.Partition(corpus, tokenizer, Small with { Clients = 4, Distribution = Distribution.Mixed });
        data.Save(folder.Path);
        var loaded = FederatedData.Load(folder.Path);
        Assert.Equal(data.Manifest.ToJson(), loaded.Manifest.ToJson());
        Assert.Equal(data.Clients[2].Train, loaded.Clients[2].Train);
        Assert.Equal(data.Clients[2].Shares, loaded.Clients[2].Shares);
        Assert.Equal(data.Reference, loaded.Reference);
    }

    [Fact]
    public void Load_AnotherText_IsAUserError()
    {
        using var folder = new TemporaryFolder();
        var (corpus, tokenizer) = MarkedCorpus.Make(4, 100);
        FederatedData.Partition(corpus, tokenizer, Small).Save(folder.Path);
        File.Copy(folder.At("client_1.train.tokens"), folder.At("client_0.train.tokens"), overwrite: true);
        Assert.Contains("client_0.train.tokens", Assert.Throws<UserException>(() => FederatedData.Load(folder.Path)).Message);
    }

    [Theory]
    [InlineData("\"seed\"", "\"sede\"", "sede")]
    [InlineData("\"version\": 1", "\"version\": 9", "version 9")]
    [InlineData("}", "", "not a manifest")]
    [InlineData("\"c0\",", "", "shares")]
    public void LoadManifest_ChangedText_SaysWhatIsWrong(string old, string changed, string expected)
    {
        using var folder = new TemporaryFolder();
        var (corpus, tokenizer) = MarkedCorpus.Make(4, 100);
        string json = FederatedData.Partition(corpus, tokenizer, Small).Manifest.ToJson();
        string path = folder.File("manifest.json", json.Replace(old, changed));
        Assert.Contains(expected, Assert.Throws<UserException>(() => ClientManifest.Load(path)).Message);
    }

    [Theory]
    [InlineData("\"clients\": [", "\"clients\": [null, ")]
    [InlineData("\"categories\": [", "\"categories\": [null, ")]
    [InlineData("\"data\": \"", "\"data\": \"\\ud83d\", \"date\": \"")]
    [InlineData("\"clients\": [", "\"clients\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("\"version\": 1", "\"version\": 1e99")]
    public void LoadManifest_NullsAndOtherKinds_AreNamedWithoutTypes(string old, string changed)
    {
        using var folder = new TemporaryFolder();
        var (corpus, tokenizer) = MarkedCorpus.Make(4, 100);
        string json = FederatedData.Partition(corpus, tokenizer, Small).Manifest.ToJson();
        Assert.Contains(old, json);
        string path = folder.File("manifest.json", json.Replace(old, changed));
        string message = Assert.Throws<UserException>(() => ClientManifest.Load(path)).Message;
        Assert.Contains(path, message);
        Assert.DoesNotContain("System.", message);
        Assert.DoesNotContain("LoraCollab", message.Replace(path, ""));
    }

    [Fact]
    public void LoadManifest_TwentyThousandClients_TakesSeconds()
    {
        using var folder = new TemporaryFolder();
        var (corpus, tokenizer) = MarkedCorpus.Make(4, 100);
        var manifest = FederatedData.Partition(corpus, tokenizer, Small).Manifest;
        var first = manifest.Clients[0];
        var many = manifest with { Clients = [.. Enumerable.Range(0, 20_000).Select(i => first with { Id = i, Name = $"client_{i}" })] };
        string path = folder.File("manifest.json", many.ToJson());
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(20_000, ClientManifest.Load(path).Clients.Count);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }
}
