using System.Diagnostics;
using System.Text.Json;
using LoraCollab.Cli.Tests;

namespace LoraCollab.Borders.Tests;

/// <summary>Inputs on which the program once went wrong: the right outcome of each, by number.</summary>
public sealed class WrongInputTests : IDisposable
{
    private static readonly string s_readme = "file:" + Path.Combine(Shared.Repository, "README.md");

    private readonly WrongInputs inputs;
    private readonly TemporaryFolder made = new();

    public WrongInputTests(WrongInputs inputs)
    {
        if (inputs.Missing is { } reason) Assert.Skip(reason);
        this.inputs = inputs;
    }

    public void Dispose() => made.Dispose();

    [Fact]
    public void Case01_HalfASurrogatePair_IsReadAsTheReplacementCharacter()
    {
        int tokens = Tokens(inputs.At("01-surrogate", "posts.jsonl"));
        string mended = made.File("posts.jsonl", File.ReadAllText(inputs.At("01-surrogate", "posts.jsonl")).Replace("\\ud83d", "\uFFFD"));
        Assert.Equal(Tokens(mended), tokens);
    }

    [Fact]
    public void Case02_AnInitialisationThatChangesTheBase_IsRefusedByName() =>
        CliRun.Refused(["adapter_config.json", "lora_ga"], "eval", "--adapter", inputs.At("02-lora-ga"), "--data", s_readme);

    [Fact]
    public void Case03_IdsWithoutAToken_AreNeverDrawnAndShownAsSuch()
    {
        var run = Done("generate", "--model", inputs.At("03-padded"), "--prompt", "The council", "--length", "60", "--temperature", "4",
            "--seed", "2", "--json");
        using var json = JsonDocument.Parse(run.Out);
        int[] ids = [.. json.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        Assert.Equal(60, ids.Length);
        Assert.All(ids, id => Assert.InRange(id, 0, 1023));
        var shown = Done("inspect", "logits", "--model", inputs.At("03-padded"), "--text", "The council", "--most-probable", "1088");
        Assert.Contains("1087", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Case04_ALinkToTheFolderItself_AddsNothing()
    {
        foreach (string c in new[] { "a", "b" }) made.File($"plain/{c}/x.txt", File.ReadAllBytes(inputs.At("04-link", c, "x.txt")));
        Assert.Equal(Tokens(made.At("plain")), Tokens(inputs.At("04-link")));
    }

    [Fact]
    public void Case05_EndingsAndReservedNames_AreReadWithoutRegardToCase()
    {
        Done("prepare", "--data", "clients:" + inputs.At("05-upper"), "--out", made.At("out"), "--train-tokens", "500", "--trust-tokens", "100",
            "--report-tokens", "100", "--public-tokens", "100");
        var manifest = ClientManifest.Load(made.At("out", "manifest.json"));
        Assert.Equal(["BOB", "ann"], manifest.Clients.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.True(manifest.Reference.Documents > 0);
    }

    [Fact]
    public void Case06_EmptyFiles_AreLeftOutCountedAndSaid()
    {
        var run = Done("eval", "--data", inputs.At("06-empty"));
        Assert.Contains("empty", run.Out + run.Error, StringComparison.Ordinal);
        foreach (string c in new[] { "a", "b" })
            for (int i = 0; i < 60; i++) made.File($"full/{c}/pkg/m{i}.py", File.ReadAllBytes(inputs.At("06-empty", c, "pkg", $"m{i}.py")));
        Assert.Equal(Tokens(made.At("full")), Tokens(inputs.At("06-empty")));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("pretrain")]
    public void Case07_AFolderInUse_IsRefused(string verb)
    {
        string[] args = verb == "train" ? [] : ["--layers", "1", "--heads", "1", "--embd", "8", "--tokenizer", "chars"];
        using var held = FolderLock.Take(made.At("out"));
        CliRun.Refused([made.At("out"), "another process"],
            [verb, "--data", inputs.At("08-overlap", "a.txt"), "--iterations", "1", "--sequence-length", "16", "--backend", "reference",
            "--out", made.At("out"), .. args]);
    }

    [Fact]
    public void Case08_OneFileForTwoParts_IsRefused() =>
        CliRun.Refused(["overlap.json", "a.txt"], "prepare", "--data", inputs.At("08-overlap", "overlap.json"), "--out", made.At("out"));

    [Fact]
    public void Case09_AMergeWrittenTwice_CountsOnceOrIsNamed()
    {
        var run = CliRun.Of("tokenize", "--in", inputs.At("09-merge", "in.txt"), "--tokenizer", inputs.At("09-merge"), "--json");
        if (run.ExitCode == 0) Assert.Equal(Done("tokenize", "--in", inputs.At("09-merge", "in.txt"), "--json").Out, run.Out);
        else run.AssertRefused("merges.txt", $"line {File.ReadLines(inputs.At("09-merge", "merges.txt")).Count()}");
    }

    [Fact]
    public void Case10_JsonLinesInAJsonFile_AreRead()
    {
        string file = inputs.At("10-ending", "export.json");
        File.Copy(file, made.At("export.jsonl"));
        int expected = Tokens(made.At("export.jsonl"));
        Assert.Equal(expected, Tokens("jsonl:" + file));
        Assert.Equal(expected, Tokens(file));
    }

    [Fact]
    public void Case11_ATiedTableUnderItsOtherName_IsTheSameModel() =>
        Assert.Equal(Loss("--data", s_readme), Loss("--model", inputs.At("11-tied"), "--data", s_readme));

    [Fact]
    public async Task Case12_ANamedPipe_IsLeftOutAndSaid()
    {
        var eval = Task.Run(() => Done("eval", "--data", inputs.At("12-pipe")));
        Assert.True(await Task.WhenAny(eval, Task.Delay(TimeSpan.FromSeconds(60))) == eval, "the pipe is waited for");
        var run = await eval;
        Assert.Contains("b.jsonl", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case13_AHomeFolderInAnOption_IsExpandedOrRefused()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "loracollab.dll"), "prepare", "--data", "news", "--out=~/x"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = made.Path,
        };
        start.Environment["HOME"] = made.At("home");
        Directory.CreateDirectory(made.At("home"));
        using var process = Process.Start(start)!;
        var writing = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync(), output = await writing;
        await process.WaitForExitAsync();
        Assert.False(Directory.Exists(made.At("~")), "a folder named ~");
        if (process.ExitCode == 0) Assert.True(File.Exists(made.At("home", "x", "manifest.json")), output);
        else new CliRun(process.ExitCode, output, error).AssertRefused("~/x");
    }

    private static CliRun Done(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', args)}: exit code {run.ExitCode}: {run.Error}");
        return run;
    }

    private static int Tokens(string data) => Number("tokens", "eval", "--data", data, "--json", "--sequence-length", "16").GetInt32();

    private static double Loss(params string[] args) => Number("loss", ["eval", "--json", "--sequence-length", "64", .. args]).GetDouble();

    private static JsonElement Number(string key, params string[] args)
    {
        using var json = JsonDocument.Parse(Done(args).Out);
        return json.RootElement.GetProperty(key).Clone();
    }
}
