namespace LoraCollab.Data.Tests.Generated;

public class GeneratedCorporaTests
{
    public static TheoryData<string> Names => [.. Family.All.Select(f => f.Name)];

    private static GeneratedCorpus Open(
        string name, int documents = 200, ulong seed = 1, ulong documentSeed = 1,
        double conflict = 1, string[]? categories = null) =>
        new(Family.All.Single(f => f.Name == name), new WorldOptions
        {
            Seed = seed,
            DocumentSeed = documentSeed,
            Conflict = conflict,
            Categories = categories,
            DocumentsPerCategory = documents,
        });

    [Theory]
    [MemberData(nameof(Names))]
    public void Documents_SameOptions_AreTheSame(string name)
    {
        Assert.Equal(Open(name).Documents, Open(name).Documents);
        Assert.Equal(Open(name).Hash, Open(name).Hash);
    }

    [Theory]
    [InlineData("news", "60024263baa25a9f")]
    [InlineData("languages", "cd56a345b35a4f42")]
    [InlineData("code", "3bbaeb11d70a08da")]
    [InlineData("mixture", "09645b878be2a3dc")]
    public void Hash_FirstDocuments_IsTheOneThatShippedModelsAndResultsRestOn(string name, string expected)
    {
        // Whoever changes a grammar, a word list or a draw changes every result: remake models/tiny, then put the new hash here.
        Assert.Equal(expected, Corpora.Open(name, new CorpusOptions { DocumentsPerCategory = 100 }).Hash[..16]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Documents_OtherSeeds_AreOthers(string name)
    {
        string[] hashes = [Open(name).Hash, Open(name, seed: 2).Hash, Open(name, documentSeed: 2).Hash, Open(name, conflict: 0.5).Hash];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Empty(Open(name).Documents.Select(d => d.Text).Intersect(Open(name, documentSeed: 2).Documents.Select(d => d.Text)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Documents_MoreOfThem_BeginWithTheSame(string name)
    {
        var few = Open(name, documents: 10).Documents;
        Assert.Equal(few, Open(name, documents: 50).Documents.Take(few.Count));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Documents_Default_FeedNineClientsOnceEach(string name)
    {
        var corpus = new GeneratedCorpus(Family.All.Single(f => f.Name == name), new WorldOptions());
        Assert.Equal(corpus.Documents.Count, corpus.Documents.Select(d => d.Text).Distinct().Count());
        // 9 clients × (4,096 training + 2,048 trust + 4,096 report) tokens and as much again in reserve, at 3.5 characters a token.
        Assert.True(corpus.Documents.Sum(d => d.Text.Length) > 9 * 10_240 * 3.5 * 1.5);
        for (int c = 0; c < corpus.Categories.Count; c++)
            Assert.Equal(corpus.Options.DocumentsPerCategory, corpus.Documents.Count(d => d.Category == c));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Measure_Default_PlantsTheIntendedShares(string name)
    {
        var shares = Composition.Of(new GeneratedCorpus(Family.All.Single(f => f.Name == name), new WorldOptions()));
        Assert.InRange(shares.ContinuationShare, 0.25, 0.35);
        Assert.InRange(shares.LexiconShare, 0.07, 0.13);
        Assert.Equal(1, shares.GrammarShare + shares.ContinuationShare + shares.LexiconShare, 12);
    }

    [Fact]
    public void News_ChosenTopics_SayWhatTheySayAmongOthers()
    {
        string[] all = ["World", "Sports", "Business", "Sci/Tech", "Health", "Culture", "Travel", "Weather"];
        var eight = Open("news", categories: all);
        Assert.Equal(8, eight.Documents.Select(d => d.Category).Distinct().Count());
        Assert.Equal(all[..4], Open("news").Categories);
        var two = Open("news", categories: ["Weather", "Sports"]);
        Assert.Equal(eight.Documents.Where(d => d.Category == 7).Select(d => d.Text), two.Documents.Where(d => d.Category == 0).Select(d => d.Text));
        Assert.Equal(eight.Documents.Where(d => d.Category == 1).Select(d => d.Text), two.Documents.Where(d => d.Category == 1).Select(d => d.Text));
    }

    [Fact]
    public void Registry_EmbeddedNames_OpenTheSameCorpora()
    {
        foreach (string name in Family.All.Select(f => f.Name))
        {
            var opened = Corpora.Open(name, new CorpusOptions { Seed = 3, DocumentsPerCategory = 20 });
            Assert.Equal(Open(name, documents: 20, seed: 3, documentSeed: 3).Hash, opened.Hash);
        }
        string[] topics = ["Travel", "World"];
        var chosen = Assert.IsType<GeneratedCorpus>(Corpora.Open("news", new CorpusOptions { Categories = topics, Conflict = 0.5, DocumentsPerCategory = 20 }));
        Assert.Equal(topics, chosen.Categories);
        Assert.Equal(0.5, chosen.Options.Conflict);
        Assert.Equal(260, Corpora.Open("mixture", new CorpusOptions { DocumentsPerCategory = 20 }).Documents.Count);
    }

    [Fact]
    public void Documents_Text_IsWellFormed()
    {
        foreach (string name in Family.All.Select(f => f.Name))
            foreach (var document in Open(name).Documents)
            {
                Assert.Equal(document.Text.Trim(), document.Text);
                Assert.DoesNotContain("<", document.Text.Replace(" < ", ""));
                Assert.DoesNotContain("\\n", document.Text);
                Assert.DoesNotContain("  ", document.Text.Replace("\n    ", "").Replace("    ", ""));
            }
    }

    [Theory]
    [InlineData("news", "Gossip", 1.0, 10, "each once; found 'Gossip'")]
    [InlineData("languages", "French,French", 1.0, 10, "each once; found 'French'")]
    [InlineData("code", "", 1.0, 10, "Java, English; found none")]
    [InlineData("news", "World", 1.5, 10, "conflict must be 0 to 1; found 1.5")]
    [InlineData("news", "World", double.NaN, 10, "conflict must be 0 to 1; found NaN")]
    [InlineData("news", "World", 1.0, 0, "documents per category must be 1 to 1000000; found 0")]
    public void Open_BadOptions_SayWhatIsExpected(string name, string categories, double conflict, int documents, string expected)
    {
        string[] chosen = categories.Split(',', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(expected, Assert.Throws<UserException>(() => Open(name, documents, conflict: conflict, categories: chosen)).Message);
    }

    [Fact]
    public void PretrainingMixture_CoversEveryCategory_AndIsReproducible()
    {
        var mixture = GeneratedCorpora.PretrainingMixture(documents: 2_000);
        Assert.Equal(13, mixture.Categories.Count);
        Assert.Equal(13, mixture.Documents.Select(d => d.Category).Distinct().Count());
        Assert.Equal(mixture.Hash, GeneratedCorpora.PretrainingMixture(documents: 2_000).Hash);
        Assert.NotEqual(mixture.Hash, GeneratedCorpora.PretrainingMixture(seed: 2, documents: 2_000).Hash);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PretrainingMixture_Words_AreThoseOfTheFamilies_InAnotherWorld(string name)
    {
        var mixture = GeneratedCorpora.PretrainingMixture(documents: 8_000);
        var known = mixture.Documents.SelectMany(d => Words(d.Text)).ToHashSet();
        var corpus = Open(name, documents: 300);
        var unknown = corpus.Documents.SelectMany(d => Words(d.Text)).Where(w => !known.Contains(w)).Distinct();
        Assert.Empty(unknown);
        // Hardly any document of the mixture could have been written in the world of an experiment.
        var ofFamily = mixture.Documents.Where(d => mixture.Categories[d.Category].StartsWith(name + "/", StringComparison.Ordinal)).Take(200);
        int possible = ofFamily.Count(d => corpus.Categories.Select((_, c) => c).Any(c => double.IsFinite(corpus.LogProbability(d.Text, c))));
        Assert.True(possible <= 2, $"{possible} documents of another world fit this one");
    }

    private static string[] Words(string text) => text.Split([' ', '\n', '.', ',', ':', ';', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
}
