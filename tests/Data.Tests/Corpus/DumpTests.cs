namespace LoraCollab.Data.Tests;

/// <summary>Wikipedia, code and news as the usual dumps and exports hold them, in samples of a few lines.</summary>
public sealed class DumpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_MultiWikiOfWikiExtractorsJson_OneFolderALanguage()
    {
        _folder.File("it/AA/wiki_00",
            """{"id": "7", "revid": "1", "url": "https://it.wikipedia.org/wiki?curid=7", "title": "Roma", "text": "Roma è una città.\nÈ antica."}""" + "\n");
        _folder.File("de/AA/wiki_01",
            """{"id": "3", "url": "https://de.wikipedia.org/wiki?curid=3", "title": "Ulm", "text": "Ulm liegt an der Donau."}""" + "\n");
        _folder.File("de/AA/wiki_00", """
            {"id": "1", "url": "https://de.wikipedia.org/wiki?curid=1", "title": "Bonn", "text": "Bonn liegt am Rhein."}
            {"id": "2", "url": "https://de.wikipedia.org/wiki?curid=2", "title": "Weiterleitung", "text": ""}

            """);
        _folder.File("de/AA/notes.md", "not read");
        ICorpus corpus = Corpora.Open(_folder.Path);
        Assert.Equal(["de", "it"], corpus.Categories);
        Assert.Equal([new("Bonn liegt am Rhein.", 0), new("Ulm liegt an der Donau.", 0), new("Roma è una città.\nÈ antica.", 1)], corpus.Documents);
        Assert.Equal(ClientOrder.Turns, corpus.Order);
    }

    [Fact]
    public void Open_WikiExtractorsBlocks_AreArticlesWithTheirEntitiesDecoded()
    {
        _folder.File("fr/AA/wiki_00", """
            <doc id="1" url="https://fr.wikipedia.org/wiki?curid=1" title="Lyon">
            Lyon

            Lyon &amp; le Rhône, a &lt; b.

            </doc>
            <doc id="2" url="https://fr.wikipedia.org/wiki?curid=2" title="Redirection">
            </doc>
            <doc id="3" url="https://fr.wikipedia.org/wiki?curid=3" title="Nice">
            Nice est au bord de la mer.
            </doc>

            """);
        Assert.Equal([new("Lyon\n\nLyon & le Rhône, a < b.", 0), new("Nice est au bord de la mer.", 0)], Corpora.Open("folders:" + _folder.Path).Documents);
        _folder.File("fr/AA/wiki_01", "<doc id=\"4\" title=\"x\">\ncut off\n");
        AssertFails("folders:" + _folder.Path, "wiki_01", "line 1", "<doc");
    }

    [Fact]
    public void Open_CodesWikiFolders_ReadsSourceFilesWholeAndExportsByTheirField()
    {
        _folder.File("java/gson/src/A.java", "class A {\n}\n");
        _folder.File("java/gson/README.md", "not read");
        _folder.File("java/github.jsonl", "{\"code\": \"class B {}\", \"repo_name\": \"x/y\", \"path\": \"B.java\", \"language\": \"Java\"}\n");
        _folder.File("wiki/AA/wiki_00", "{\"id\": \"1\", \"url\": \"u\", \"title\": \"t\", \"text\": \"An article.\"}\n");
        _folder.File("wiki/more.txt", "one\n<|endoftext|>\ntwo\n");
        ICorpus corpus = Corpora.Open(_folder.Path);
        Assert.Equal(["java", "wiki"], corpus.Categories);
        Assert.Equal([new("class B {}", 0), new("class A {\n}\n", 0), new("An article.", 1), new("one\n", 1), new("two\n", 1)], corpus.Documents);
    }

    [Fact]
    public void Open_MultiWikiInOneJsonLinesFileALanguage_TakesTheLanguageFromTheAddress()
    {
        _folder.File("de.jsonl", "{\"id\": \"1\", \"url\": \"https://de.wikipedia.org/wiki/Bonn\", \"title\": \"Bonn\", \"text\": \"Bonn.\"}\n");
        _folder.File("fr.jsonl", "{\"id\": \"1\", \"url\": \"https://fr.wikipedia.org/wiki/Lyon\", \"title\": \"Lyon\", \"text\": \"Lyon.\"}\n");
        Assert.Equal(["de.wikipedia.org", "fr.wikipedia.org"], Corpora.Open(_folder.Path).Categories);
    }

    [Fact]
    public void Open_CcNews_TakesTheDomainAndItsLargestCategories()
    {
        string[] domains = ["a.com", "b.com", "b.com", "c.com", "c.com", "c.com"];
        string path = _folder.File("cc_news.jsonl", string.Concat(domains.Select((d, i) =>
            $"{{\"title\": \"t\", \"text\": \"story {i}\", \"domain\": \"{d}\", "
            + $"\"date\": \"2017-01-01\", \"description\": \"\", \"url\": \"http://{d}/{i}\", \"image_url\": \"\"}}\n")));
        Assert.Equal(["c.com", "b.com", "a.com"], Corpora.Open(path).Categories);
        ICorpus two = Corpora.Open(path, new() { Categories = ["top:2"] });
        Assert.Equal(["c.com", "b.com"], two.Categories);
        Assert.Equal([new("story 1", 1), new("story 2", 1), new("story 3", 0), new("story 4", 0), new("story 5", 0)], two.Documents);
        foreach (string wrong in (string[])["top:4", "top:0", "top:x"])
            Assert.Contains("top:K with K from 1 to the 3", Assert.Throws<UserException>(() => Corpora.Open(path, new() { Categories = [wrong] })).Message);
    }

    [Fact]
    public void Open_FoldersWithoutText_SaysWhatIsRead()
    {
        _folder.File("a/picture.png", "x");
        AssertFails("folders:" + _folder.Path, "folder of folders", ".jsonl", "wiki_00");
    }

    private static void AssertFails(string spec, params string[] expected)
    {
        var error = Assert.Throws<UserException>(() => Corpora.Open(spec));
        foreach (string part in expected) Assert.Contains(part, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
