using System.Diagnostics;

namespace LoraCollab.Data.Tests;

/// <summary>Which files of a folder are read, by every format that reads folders.</summary>
public sealed class FolderWalkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A format and the names of two of its files, below the folder.</summary>
    public static TheoryData<string, string, string> Formats { get; } = new()
    {
        { "text", "a.txt", "b.txt" },
        { "clients", "a.txt", "b.txt" },
        { "jsonl", "a.jsonl", "b.jsonl" },
        { "agnews", "train.csv", "test.csv" },
        { "folders", "x/a.txt", "y/b.txt" },
        { "folders", "x/AA/wiki_00", "y/AA/wiki_01" },
    };

    [Theory, MemberData(nameof(Formats))]
    public async Task Open_FolderWithEverythingButFiles_ReadsEachFileOnce(string format, string first, string second)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("links and pipes need rights or do not exist there");
        var alone = Open(format, first, second);
        string ending = Path.GetFileName(first).Contains('.') ? Path.GetExtension(first) : "", below = Path.GetDirectoryName(first)!;
        string At(string name) => _folder.At(below, Path.GetFileName(first) == "wiki_00" ? "wiki_" + name : name + ending);
        File.CreateSymbolicLink(At("11"), _folder.At(first));
        File.CreateSymbolicLink(At("12"), "/dev/zero");
        File.CreateSymbolicLink(At("13"), _folder.At("nothing"));
        File.CreateSymbolicLink(At("14"), At("15"));
        File.CreateSymbolicLink(At("15"), At("14"));
        Directory.CreateSymbolicLink(_folder.At(below, "self"), ".");
        Directory.CreateSymbolicLink(_folder.At(below, "up"), "..");
        Directory.CreateSymbolicLink(_folder.At(below, "above"), "../..");
        Directory.CreateSymbolicLink(_folder.At(below, "root"), "/");
        await Process.Start("mkfifo", At("16")).WaitForExitAsync(TestContext.Current.CancellationToken);
        _folder.File(Path.GetRelativePath(_folder.Path, _folder.At(below, ".hidden" + ending)), "\n");
        _folder.File(Path.Combine(below, ".git", "x.txt"), "hidden");
        var corpus = Open(format, first, second);
        Assert.Equal(alone.Documents, corpus.Documents);
        Assert.Equal(alone.Categories, corpus.Categories);
        Assert.Equal(alone.Clients, corpus.Clients);
        string notes = corpus.Notes.ToString();
        Assert.Contains("2 hidden names", notes);
        if (format == "agnews") return; // its files have names of their own, so that all others are of another kind
        foreach (string part in new[] { "1 named pipe", "1 device", "3 links that lead nowhere" }) Assert.Contains(part, notes);
    }

    [Theory, MemberData(nameof(Formats))]
    public void Open_EndingsInUpperCase_AreEndings(string format, string first, string second)
    {
        var small = Open(format, first, second).Documents;
        foreach (string name in new[] { first, second })
        {
            string path = _folder.At(name), large = _folder.At(Path.GetDirectoryName(name)!, Path.GetFileName(name).ToUpperInvariant());
            File.Move(path, large);
        }
        Assert.Equal(small, Corpora.Open($"{format}:{_folder.Path}").Documents);
    }

    [Theory, MemberData(nameof(Formats))]
    public void Open_EmptyFileAmongOthers_IsLeftOutAndSaid(string format, string first, string second)
    {
        if (format == "agnews") return; // both of its files have rows, or the data is damaged
        var corpus = Open(format, first, second);
        string name = format == "folders" && first.Contains("wiki") ? "x/wiki_07"
            : Path.Combine(Path.GetDirectoryName(first)!, "none" + Path.GetExtension(first));
        foreach (string nothing in new[] { "", " \n\t\n" })
        {
            _folder.File(name, nothing);
            var again = Corpora.Open($"{format}:{_folder.Path}");
            Assert.Equal(corpus.Documents, again.Documents);
            Assert.Equal($"left out: 1 empty file ({name})", again.Notes.ToString());
            Assert.Equal(1, again.Notes.LeftOut["empty files"]);
        }
    }

    [Fact]
    public void Open_CategoryFoldersBesideStrays_ReadsTheFolders()
    {
        _folder.File("de/a.txt", "eins\n");
        _folder.File("fr/b.txt", "un\n");
        _folder.File("README.txt", "about\n");
        _folder.File("more.jsonl", "{\"text\": \"x\"}\n");
        var corpus = Corpora.Open(_folder.Path);
        Assert.Equal(["de", "fr"], corpus.Categories);
        Assert.Equal("left out: 2 files beside the category folders (README.txt, …)", corpus.Notes.ToString());
        _folder.File("it.txt", "uno\n");
        _folder.File("en.txt", "one\n");
        Assert.Equal(["README", "en", "it"], Corpora.Open(_folder.Path, new() { Categories = ["README", "en", "it"] }).Categories);
        Assert.Equal(["de", "fr"], Corpora.Open("folders:" + _folder.Path).Categories);
    }

    [Fact]
    public void Open_CategoriesWhoseNamesSortOtherwiseThanTheirPaths_KeepTheOrderOfNames()
    {
        _folder.File("de/a.txt", "eins\n");
        _folder.File("de-AT/a.txt", "zwei\n");
        var corpus = Corpora.Open(_folder.Path);
        Assert.Equal(["de", "de-AT"], corpus.Categories);
        Assert.Equal([new("eins", 0), new("zwei", 1)], corpus.Documents);
    }

    [Fact]
    public void Open_LinksToFoldersElsewhere_AreFollowedOnce()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("links need rights there");
        using var elsewhere = new TemporaryFolder();
        elsewhere.File("deep/x.txt", "eins\n");
        _folder.File("fr/b.txt", "un\n");
        Directory.CreateSymbolicLink(_folder.At("de"), elsewhere.Path);
        Directory.CreateSymbolicLink(_folder.At("copy"), elsewhere.Path);
        Directory.CreateSymbolicLink(elsewhere.At("back"), _folder.Path);
        var corpus = Corpora.Open(_folder.Path);
        Assert.Equal(["copy", "fr"], corpus.Categories);
        Assert.Equal([new("eins", 0), new("un", 1)], corpus.Documents);
    }

    [Fact]
    public void Open_PublicInUpperCase_IsThePublicText()
    {
        _folder.File("ann.txt", "a\n");
        _folder.File("BOB.TXT", "b\n");
        _folder.File("Public.txt", "p\n");
        var corpus = Corpora.Open("clients:" + _folder.Path);
        Assert.Equal(["BOB", "ann"], corpus.Clients);
        Assert.Equal(["b", "a", "p"], corpus.Documents.Select(d => d.Text));
        Assert.True(corpus.Documents[2].IsPublic);
    }

    [Fact]
    public void Open_TwoFilesOfOneName_AreNamed()
    {
        _folder.File("a.txt", "1\n");
        _folder.File("a.TXT", "2\n");
        string message = Assert.Throws<UserException>(() => Corpora.Open(_folder.Path)).Message;
        Assert.Contains("a.TXT and a.txt would have one name", message);
    }

    [Theory]
    [InlineData("pipe.jsonl", "named pipe")]
    [InlineData("/dev/zero", "device")]
    public async Task Open_WhatIsNoFile_IsRefusedUnopened(string name, string expected)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("there are none");
        string path = _folder.At(name);
        if (!path.StartsWith("/dev", StringComparison.Ordinal)) await Process.Start("mkfifo", path).WaitForExitAsync(TestContext.Current.CancellationToken);
        foreach (string spec in new[] { path, "jsonl:" + path, "file:" + path })
            Assert.Contains($"expected an ordinary file, found a {expected}", Assert.Throws<UserException>(() => Corpora.Open(spec)).Message);
        Assert.Contains(expected, Assert.Throws<UserException>(() => TextFile.Read(path)).Message);
    }

    private ICorpus Open(string format, string first, string second)
    {
        foreach (string name in new[] { first, second })
            if (!File.Exists(_folder.At(name))) _folder.File(name, Content(name));
        return Corpora.Open($"{format}:{_folder.Path}");
    }

    private static string Content(string name) => Path.GetExtension(name) switch
    {
        ".jsonl" => $"{{\"text\": \"row of {name}\"}}\n",
        ".csv" => $"1,a,{name}\n2,b,{name}\n3,c,{name}\n4,d,{name}\n",
        ".txt" => $"a line of {name}\n",
        _ => $"<doc id=\"1\" url=\"\" title=\"{name}\">\narticle of {name}\n</doc>\n",
    };
}
