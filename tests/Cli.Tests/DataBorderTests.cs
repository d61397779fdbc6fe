using System.Diagnostics;
using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>Data as people bring it, by the whole program: what it says, and where it looks.</summary>
public sealed class DataBorderTests : IDisposable
{
    private static readonly string[] s_small =
        ["--clients", "2", "--train-tokens", "200", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "100"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Prepare_DataOfWhichSomeIsLeftOut_SaysItOnceAndWritesIt()
    {
        Texts();
        folder.File("texts/c.txt", "");
        File.AppendAllText(folder.At("texts", "b.txt"), "a says number 7 to everyone\n");
        string[] args = ["prepare", "--data", folder.At("texts"), .. s_small, "--out", folder.At("out"), "--json"];
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(["note: texts: left out: 1 empty file (c.txt)",
            "note: texts: 1 of the documents are equal to others; of equal ones one was dealt, so that no document is in two splits"],
            run.Error.TrimEnd().Split('\n'));
        using var manifest = JsonDocument.Parse(run.Out);
        Assert.Equal(1, manifest.RootElement.GetProperty("duplicates").GetInt32());
        Assert.Equal(1, manifest.RootElement.GetProperty("left_out").GetProperty("empty files").GetInt32());
        Assert.Equal(run.Out, File.ReadAllText(folder.At("out", "manifest.json")));
    }

    [Fact]
    public void Prepare_NothingLeftOut_SaysNothing()
    {
        Texts();
        Assert.Equal("", CliRun.Of(["prepare", "--data", folder.At("texts"), .. s_small, "--out", folder.At("out")]).Error);
    }

    [Theory]
    [InlineData("--data", "{0}")]
    [InlineData("--data=", "{0}")]
    [InlineData("--data=", "text:{0}")]
    public void Prepare_HomeFolderWhereAShellLeavesIt_IsExpanded(string option, string value)
    {
        Texts();
        string? home = Environment.GetEnvironmentVariable("HOME");
        if (OperatingSystem.IsWindows() || home is null) Assert.Skip("HOME says where it is");
        // Below the home folder, and taken away again.
        string own = Directory.CreateTempSubdirectory("home-").Name, there = Path.Combine(home, own);
        Directory.Move(folder.At("texts"), there);
        try
        {
            string data = value.Replace("{0}", "~/" + own);
            string[] given = option.EndsWith('=') ? [option + data] : [option, data];
            var run = CliRun.Of(["prepare", .. given, .. s_small, $"--out=~/{own}/out"]);
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.True(File.Exists(Path.Combine(there, "out", "manifest.json")));
            CliRun.Refused(["--out ~nobody/x: ~nobody, another user's folder"], ["prepare", .. given, .. s_small, "--out=~nobody/x"]);
        }
        finally
        {
            Directory.Delete(there, recursive: true);
        }
    }

    /// <summary>Text that is not a path stays as it was written.</summary>
    [Fact]
    public void Generate_PromptWithATilde_IsNoPath() =>
        Assert.StartsWith("~/x", CliRun.Of("generate", "--prompt=~/x", "--length", "1", "--backend", "host").Out, StringComparison.Ordinal);

    [Fact]
    public void Source_OfARun_HoldsWholePathsAndIsFoundFromElsewhere()
    {
        using var model = new SmallModel();
        model.Texts();
        string here = Path.GetRelativePath(Environment.CurrentDirectory, model.At("texts")), run = model.At("run");
        string[] Collab(string data) =>
        [
            "collab", "--model", model.Folder, "--data", data, "--backend", "reference", "--clients", "2", "--sequence-length", "16", "--batch-size", "2",
            "--iterations", "2", "--pretraining-rounds", "1", "--trust-freq", "1", "--train-tokens", "100", "--trust-tokens", "50", "--report-tokens", "50",
            "--public-tokens", "100",
            "--schemes", "fedavg", "--out", run, "--quiet",
        ];
        var made = CliRun.Of(Collab("text:" + here));
        Assert.True(made.ExitCode == 0, made.Error);
        using var source = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "source.json")));
        Assert.Equal("text:" + model.At("texts"), source.RootElement.GetProperty("data").GetString());
        Assert.Equal(model.Folder, source.RootElement.GetProperty("model").GetString());
        // A relative path that holds from another folder only is found by the run's own.
        var resumed = CliRun.Of([.. Collab("text:texts"), "--resume"]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Directory.Move(model.At("texts"), model.At("moved"));
        CliRun.Refused([$"its run had --data text:{model.At("texts")}, which is not there; give --data"], "replay", "--run", run);
    }

    /// <summary>The shared inputs on which the program once went wrong, as far as they are data.</summary>
    [Fact]
    public async Task SharedCases_OfData_HaveTheirRightOutcome()
    {
        if (!Shared.Exists || !File.Exists(Shared.Path("cases", "make.py"))) Assert.Skip(Shared.Reason);
        string tiny = Path.Combine(Shared.Repository, "models", "tiny");
        var stop = TestContext.Current.CancellationToken;
        var make = new ProcessStartInfo("python3", [Shared.Path("cases", "make.py"), folder.Path, tiny]) { RedirectStandardOutput = true };
        await Process.Start(make)!.WaitForExitAsync(stop);

        int Tokens(string data, params string[] more)
        {
            var run = CliRun.Of(["eval", "--data", data, "--json", "--sequence-length", "16", .. more]);
            Assert.True(run.ExitCode == 0, $"{data}: {run.Error}");
            using var json = JsonDocument.Parse(run.Out);
            return json.RootElement.GetProperty("tokens").GetInt32();
        }
        Assert.True(Tokens(folder.At("01-surrogate", "posts.jsonl")) >= 16);
        int both = Tokens(folder.At("04-link"));
        File.Delete(folder.At("04-link", "a", "self"));
        Assert.Equal(Tokens(folder.At("04-link")), both);
        int sixty = Tokens(folder.At("06-empty"));
        foreach (string c in new[] { "a", "b" }) File.Delete(folder.At("06-empty", c, "pkg", "__init__.py"));
        Assert.Equal(Tokens(folder.At("06-empty")), sixty);
        Assert.True(Tokens("jsonl:" + folder.At("10-ending", "export.json")) > 300);
        Assert.Equal(Tokens("jsonl:" + folder.At("10-ending", "export.json")), Tokens(folder.At("10-ending", "export.json")));
        Assert.True(Tokens(folder.At("12-pipe")) > 300);
        var clients = CliRun.Of("prepare", "--data", "clients:" + folder.At("05-upper"), "--out", folder.At("prepared"), "--json");
        using var manifest = JsonDocument.Parse(clients.Out);
        Assert.Equal(["BOB", "ann"], manifest.RootElement.GetProperty("clients").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        CliRun.Refused(["clients[0].files[0] and clients[0].trust[0] name one file, 'a.txt'"],
            "prepare", "--data", folder.At("08-overlap", "overlap.json"), "--out", folder.At("overlap"));
    }

    private void Texts()
    {
        foreach (string category in new[] { "a", "b" })
            folder.File($"texts/{category}.txt", string.Concat(Enumerable.Range(0, 200).Select(i => $"{category} says number {i} to everyone\n")));
    }
}
