using System.Text;
using System.Text.Json.Nodes;

namespace LoraCollab.Cli.Tests;

/// <summary>Run folders that somebody has changed: every reader says in a line what is wrong, and nothing is written anywhere.</summary>
public sealed class HostileRunTests(HostileRun run) : IClassFixture<HostileRun>
{
    private const string Out = "../../out";

    /// <summary>File, line from 0 where it has lines, what is changed, and what the message says.</summary>
    private static readonly Dictionary<string, (string File, int? Line, Action<JsonObject> Change, string[] Says)> s_changes = new()
    {
        ["scheme of summary leads out"] = ("summary.json", null, o => Rename(o["schemes"]!, "fedavg", Out), ["summary.json", "'../../out' is no scheme"]),
        ["scheme of summary is absolute"] = ("summary.json", null, o => Rename(o["schemes"]!, "fedavg", "/tmp/out"),
            ["summary.json", "'/tmp/out' is no scheme"]),
        ["scheme of summary has a NUL"] = ("summary.json", null, o => Rename(o["schemes"]!, "fedavg", "a\0b"), ["summary.json", "is no scheme"]),
        ["scheme of summary did not run"] = ("summary.json", null, o => Rename(o["schemes"]!, "fedavg", "krum"),
            ["summary.json", "its schemes are not local, fedavg, validation"]),
        ["scheme of config leads out"] = ("config.json", null, o => o["options"]!["schemes"]![1] = Out, ["config.json", Out]),
        ["scheme of metrics leads out"] = ("metrics.jsonl", 3, o => o["scheme"] = Out, ["metrics.jsonl: line 4", "is no scheme"]),
        ["scheme of trust leads out"] = ("trust.jsonl", 1, o => o["scheme"] = Out, ["trust.jsonl: line 2", "is no scheme"]),
        ["scheme of trust after local leads out"] = ("trust-after-local.jsonl", 0, o => o["scheme"] = Out, ["trust-after-local.jsonl: line 1", "is no scheme"]),
        ["scheme of ledger leads out"] = ("ledger.jsonl", 0, o => o["scheme"] = Out, ["ledger.jsonl: line 1", "is no scheme"]),
        ["comparator leads out"] = ("comparators.json", null, o => Rename(o, "pooled_all", Out), ["comparators.json", "is no comparator"]),
        ["comparator is null"] = ("comparators.json", null, o => o["pooled_all"] = null, ["comparators.json"]),
        ["comparator of other clients"] = ("comparators.json", null, o => o["pooled_all"]!["client_losses"]!.AsArray().RemoveAt(0),
            ["comparators.json", "3 clients, expected 4"]),
        ["row of trust is short"] = ("trust.jsonl", 0, o => o["weights"]![1]!.AsArray().RemoveAt(0),
            ["trust.jsonl: line 1", "row 1 of weights has 3 numbers, expected 4"]),
        ["row of trust is null"] = ("trust.jsonl", 0, o => o["weights"]![1] = null, ["trust.jsonl: line 1", "null among the items of 'weights'"]),
        ["trust lacks a row"] = ("trust.jsonl", 0, o => o["weights"]!.AsArray().RemoveAt(0), ["trust.jsonl: line 1", "weights has 3 rows"]),
        ["weight is negative"] = ("trust.jsonl", 0, o => o["weights"]![0]![0] = -1.5, ["trust.jsonl: line 1", "negative or not finite"]),
        ["weight is NaN"] = ("trust.jsonl", 0, o => o["weights"]![0]![0] = "NaN", ["trust.jsonl: line 1", "negative or not finite"]),
        ["row sums to 2"] = ("trust.jsonl", 4, o => o["weights"]![0]![0] = 2, ["trust.jsonl: line 5", "instead of 1"]),
        ["scores are short"] = ("trust.jsonl", 0, o => o["scores"]![3]!.AsArray().RemoveAt(0), ["trust.jsonl: line 1", "row 3 of scores"]),
        ["residuals are short"] = ("trust.jsonl", 0, o => o["residual"]!.AsArray().Clear(), ["trust.jsonl: line 1", "residual has 0 clients"]),
        ["round is out of order"] = ("trust.jsonl", 0, o => o["round"] = 7, ["trust.jsonl", "rounds of scheme fedavg are not 1 to 3"]),
        ["iteration is out of order"] = ("trust.jsonl", 1, o => o["iteration"] = 1, ["trust.jsonl: line 2", "stands after iteration"]),
        ["iteration is beyond the run"] = ("trust.jsonl", 2, o => o["iteration"] = int.MaxValue, ["trust.jsonl: line 3", "iteration 2147483647"]),
        ["iteration is negative"] = ("metrics.jsonl", 1, o => o["iteration"] = -1, ["metrics.jsonl: line 2", "iteration -1"]),
        ["dropped client is none"] = ("trust.jsonl", 0, o => o["drops_self"] = new JsonArray(9), ["trust.jsonl: line 1", "client 9"]),
        ["nobody takes part"] = ("trust.jsonl", 0, o => o["absent"] = new JsonArray(0, 1, 2, 3), ["trust.jsonl: line 1", "absent: 4 of 4 clients"]),
        ["absent client is none"] = ("trust.jsonl", 0, o => o["absent"] = new JsonArray(-1), ["trust.jsonl: line 1", "absent: client -1"]),
        ["attacker is none"] = ("summary.json", null, o => o["attackers"] = new JsonArray(4), ["summary.json", "attackers: client 4"]),
        ["nobody counts"] = ("summary.json", null,
            o => o["schemes"]!["fedavg"]!["clients"]!.AsArray().ToList().ForEach(c => c!["left_out"] = "x"),
            ["summary.json", "no client of scheme fedavg counts"]),
        ["excluded is null"] = ("summary.json", null, o => o["schemes"]!["fedavg"]!["excluded"] = new JsonArray((JsonNode?)null),
            ["summary.json", "null among the items of 'excluded'"]),
        ["left out of metrics is none"] = ("metrics.jsonl", 2, o => o["left_out"] = new JsonArray(7), ["metrics.jsonl: line 3", "left_out: client 7"]),
        ["clients of metrics are fewer"] = ("metrics.jsonl", 2, o => o["clients"]!.AsArray().RemoveAt(0),
            ["metrics.jsonl: line 3", "clients has 3 clients, expected 4"]),
        ["client of metrics is null"] = ("metrics.jsonl", 2, o => o["clients"]![1] = null, ["metrics.jsonl: line 3", "null among the items of 'clients'"]),
        ["client of metrics is another"] = ("metrics.jsonl", 2, o => o["clients"]![1]!["id"] = 99, ["metrics.jsonl: line 3", "client 99"]),
        ["loss is NaN"] = ("metrics.jsonl", 2, o => o["clients"]![1]!["loss"] = "NaN", ["metrics.jsonl: line 3", "loss is NaN"]),
        ["loss is negative"] = ("metrics.jsonl", 2, o => o["mean_loss"] = -3, ["metrics.jsonl: line 3", "mean_loss is -3"]),
        ["loss is missing"] = ("metrics.jsonl", 2, o => o["clients"]![1]!.AsObject().Remove("loss"), ["metrics.jsonl: line 3", "missing", "loss"]),
        ["key is unknown"] = ("metrics.jsonl", 2, o => o["bonus"] = 1, ["metrics.jsonl: line 3", "'bonus'"]),
        ["phase is a number"] = ("metrics.jsonl", 2, o => o["phase"] = 9, ["metrics.jsonl: line 3"]),
        ["payload is a number"] = ("ledger.jsonl", 1, o => o["payload"] = 99, ["ledger.jsonl: line 2"]),
        ["client of ledger is none"] = ("ledger.jsonl", 1, o => o["client"] = 4, ["ledger.jsonl: line 2", "client 4"]),
        ["bytes are negative"] = ("ledger.jsonl", 1, o => o["bytes"] = -1, ["ledger.jsonl: line 2", "bytes is -1"]),
        ["bytes overflow"] = ("ledger.jsonl", 1, o => o["bytes"] = long.MaxValue, ["ledger.jsonl", "under scheme fedavg where summary.json has"]),
        ["clients of summary are other"] = ("summary.json", null, o => o["clients"] = 1_000_000, ["summary.json"]),
        ["scheme of summary is null"] = ("summary.json", null, o => o["schemes"]!["fedavg"] = null, ["summary.json", "fedavg"]),
        ["there is no scheme"] = ("summary.json", null, o => o["schemes"] = new JsonObject(), ["summary.json", "no scheme"]),
        ["client of summary is null"] = ("summary.json", null, o => o["schemes"]!["fedavg"]!["clients"]![0] = null,
            ["summary.json", "null among the items of 'clients'"]),
        ["shares of summary are short"] = ("summary.json", null, o => o["schemes"]!["fedavg"]!["clients"]![0]!["shares"] = new JsonArray(1.0),
            ["summary.json", "shares"]),
        ["seconds are endless"] = ("summary.json", null, o => o["seconds"] = 1e300, ["summary.json", "seconds"]),
        ["iterations of summary are other"] = ("summary.json", null, o => o["iterations"] = 12, ["config.json", "iterations is 6 where summary.json has 12"]),
        ["trust of summary is short"] = ("summary.json", null, o => o["schemes"]!["fedavg"]!["trust"] = new JsonArray(), ["summary.json", "trust of fedavg"]),
        ["manifest has no client"] = ("manifest.json", null, o => o["clients"] = new JsonArray(), ["manifest.json", "no client"]),
        ["client of manifest is null"] = ("manifest.json", null, o => o["clients"]![1] = null, ["manifest.json", "null among the items of 'clients'"]),
        ["client of manifest is another"] = ("manifest.json", null, o => o["clients"]![1]!["id"] = 0,
            ["manifest.json", "client 0 stands in the place of client 1"]),
        ["categories of manifest are fewer"] = ("manifest.json", null, o => o["categories"]!.AsArray().RemoveAt(0),
            ["manifest.json", "2 shares for 1 categories"]),
        ["share of manifest is NaN"] = ("manifest.json", null, o => o["clients"]![1]!["shares"]![0] = "NaN", ["manifest.json"]),
        ["share of manifest is above 1"] = ("manifest.json", null, o => o["clients"]![1]!["shares"]![0] = 2, ["manifest.json", "a share of client 1 is 2"]),
        ["split of manifest is null"] = ("manifest.json", null, o => o["clients"]![1]!["train"] = null, ["manifest.json", "train"]),
        ["overlap of manifest has no client"] = ("manifest.json", null,
            o => o["pretraining_overlap"] = Overlap(), ["manifest.json", "pretraining_overlap"]),
        ["overlap of summary has no client"] = ("summary.json", null,
            o => o["pretraining_overlap"] = Overlap(), ["summary.json", "pretraining_overlap"]),
        ["topology is none"] = ("config.json", null, o => o["options"]!["topology"] = "torus", ["config.json", "torus"]),
        ["mode is none"] = ("config.json", null, o => o["options"]!["compat"] = Out, ["config.json", Out]),
        ["mode is null"] = ("config.json", null, o => o["options"]!["compat"] = null, ["config.json"]),
        ["rank is 0"] = ("config.json", null, o => o["options"]!["rank"] = 0, ["config.json", "rank 0"]),
        ["options are null"] = ("config.json", null, o => o["options"] = null, ["config.json", "options"]),
    };

    public static TheoryData<string> Changes => [.. s_changes.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Report_ChangedRun_IsRefusedAndNothingIsWritten(string name)
    {
        var (file, line, change, says) = s_changes[name];
        string copy = run.Copy();
        HostileRun.Change(Path.Combine(copy, file), change, line);
        var before = HostileRun.Around(copy);
        AssertSaid(CliRun.Of("report", "--run", copy), says);
        Assert.Equal(before, HostileRun.Around(copy));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Replay_ChangedRun_IsRefusedAndNothingIsWritten(string name)
    {
        var (file, line, change, says) = s_changes[name];
        string copy = run.Copy();
        HostileRun.Change(Path.Combine(copy, file), change, line);
        var before = HostileRun.Around(copy);
        AssertSaid(CliRun.Of("replay", "--run", copy), says);
        AssertSaid(CliRun.Of("inspect", "trust", "0", "1", "--run", copy), says);
        Assert.Equal(before, HostileRun.Around(copy));
    }

    [Theory]
    [InlineData("figures")]
    [InlineData("tables")]
    [InlineData("tensorboard")]
    public void Report_FolderThatIsALinkOut_IsRefused(string name)
    {
        string copy = run.Copy(), outside = Path.Combine(Path.GetDirectoryName(copy)!, "outside");
        Directory.CreateDirectory(outside);
        Directory.CreateSymbolicLink(Path.Combine(copy, name), outside);
        AssertSaid(CliRun.Of("report", "--run", copy), [name, "leads out"]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    /// <summary>A picture that is a link to somebody's file becomes a picture, and the file stays what it was.</summary>
    [Fact]
    public void Report_PictureThatIsALink_IsReplaced()
    {
        string copy = run.Copy(), victim = Path.Combine(Path.GetDirectoryName(copy)!, "victim");
        File.WriteAllText(victim, "mine");
        Directory.CreateDirectory(Path.Combine(copy, "figures"));
        foreach (string ending in new[] { "png", "svg" }) File.CreateSymbolicLink(Path.Combine(copy, "figures", $"perplexity.{ending}"), victim);
        Assert.Equal(0, CliRun.Of("report", "--run", copy).ExitCode);
        Assert.Equal("mine", File.ReadAllText(victim));
    }

    [Theory]
    [InlineData("NaN", "holds NaN")]
    [InlineData("short", "")]
    public void Replay_DamagedRound_NamesTheFile(string what, string says)
    {
        string copy = run.Copy(), file = Path.Combine(copy, "rounds", "fedavg", "2.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        if (what == "short") bytes = bytes[..^8];
        else BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), float.NaN);
        File.WriteAllBytes(file, bytes);
        AssertSaid(CliRun.Of("replay", "--run", copy, "--scheme", "fedavg"), ["2.safetensors", says]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{\"model\": null}")]
    [InlineData("{\"model\": \"a\\u0000b\"}")]
    [InlineData("{\"out\": \"../../out\"}")]
    [InlineData("[1]")]
    [InlineData("{\"model\": \"cut off \\ud83d\"")]
    public void Replay_DamagedSource_NamesTheFile(string text)
    {
        string copy = run.Copy();
        File.WriteAllText(Path.Combine(copy, "source.json"), text);
        AssertSaid(CliRun.Of("replay", "--run", copy), ["source.json"]);
    }

    /// <summary>A run stopped in the middle, whose index names another place or contradicts itself.</summary>
    [Theory]
    [InlineData("file leads out", "the name of a file beside it")]
    [InlineData("file is null", "file")]
    [InlineData("stage is beyond", "stage is 9")]
    [InlineData("losses are short", "train_losses has 1 clients")]
    [InlineData("log is unknown", "log_lengths")]
    [InlineData("scheme leads out", "is no scheme")]
    public void Resume_ChangedIndex_IsRefused(string name, string says)
    {
        string folder = Path.Combine(Path.GetDirectoryName(run.Copy())!, "stopped"), index = Path.Combine(folder, "checkpoints", "index.json");
        string[] collab = [.. run.Collab, "--out", folder, "--checkpoint-every", "1"];
        using (var stop = new StopSignal())
        {
            stop.Request(ExitCode.Terminated);
            Assert.Equal(143, Application.Run(collab, Report.Terminal.Plain(TextWriter.Null), TextWriter.Null, stop));
        }
        File.Delete(Path.Combine(folder, "checkpoints", "previous.json"));
        HostileRun.Change(index, o =>
        {
            // As an earlier version wrote it: whoever forges an index can seal it, too.
            foreach (string key in (string[])["hashes", "sha256"]) o.Remove(key);
            var progress = o["progress"]!;
            if (name == "file leads out") o["file"] = "../../x.safetensors";
            if (name == "file is null") o["file"] = null;
            if (name == "stage is beyond") progress["stage"] = 9;
            if (name == "losses are short") progress["train_losses"] = new JsonArray(new JsonObject { ["sum"] = 1, ["count"] = 1 });
            if (name == "log is unknown") Rename(progress["log_lengths"]!, "trust", Out);
            if (name == "scheme leads out")
                progress["finished"]![Out] = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Copy(), "summary.json")))!["schemes"]!["fedavg"]!.DeepClone();
        });
        AssertSaid(CliRun.Of([.. collab, "--resume"]), ["index.json", says]);
    }

    [Theory]
    [InlineData("\"run\": \"../run\"", "is none of this experiment")]
    [InlineData("\"run\": \"/etc\"", "is none of this experiment")]
    [InlineData("\"run\": \"runs/..\"", "is none of this experiment")]
    [InlineData("\"run\": \"runs/one\", \"over\": \"../../x\", \"value\": \"1\"", "is the name of no option")]
    [InlineData("\"run\": \"runs/one\", \"over\": \"lr\"", "over and value belong together")]
    [InlineData("\"run\": null", "run")]
    public void Report_ChangedExperiment_IsRefusedAndNothingIsWritten(string cell, string says)
    {
        string copy = run.Copy(), folder = Path.Combine(Path.GetDirectoryName(copy)!, "experiment");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "experiment.json"), "{\"name\": \"reproduce\", \"family\": \"own\", \"scale\": \"tiny\", \"cells\": ["
            + $"{{\"set\": \"x\", \"distribution\": \"y\", \"compat\": \"corrected\", \"seed\": 1, {cell}}}]}}");
        var before = HostileRun.Around(copy);
        AssertSaid(CliRun.Of("report", "--run", folder), ["experiment.json", says]);
        Assert.Equal(before, HostileRun.Around(copy));
    }

    [Fact]
    public void Report_NamesOfPeople_StandInPagesAsText()
    {
        const string Name = "../../\u001b[31m<b>`x`|=1+1\u202E";
        string copy = run.Copy();
        HostileRun.Change(Path.Combine(copy, "manifest.json"), o =>
        {
            o["data"] = Name;
            o["clients"]![0]!["name"] = Name;
            o["categories"]![0] = Name + new string('x', 100_000);
        });
        HostileRun.Change(Path.Combine(copy, "summary.json"), o =>
        {
            o["data"] = Name;
            foreach (var (_, scheme) in o["schemes"]!.AsObject()) scheme!["clients"]![0]!["name"] = Name;
        });
        var report = CliRun.Of("report", "--run", copy);
        Assert.True(report.ExitCode == 0, report.Error);
        foreach (string file in Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".md" or ".html" or ".svg" or ".csv"))
            Assert.DoesNotContain(File.ReadAllText(file), c => c is '\u001b' or '\u202E');
        Assert.DoesNotContain("<b>", File.ReadAllText(Path.Combine(copy, "report.html")), StringComparison.Ordinal);
        Assert.Equal(["run"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(copy)!).Select(e => Path.GetFileName(e)!));
    }

    /// <summary>The run was made with absolute paths of model, data and folder, which say whose machine it was made on.</summary>
    [Fact]
    public void Run_MadeFromAbsolutePaths_NamesThemInSourceAlone()
    {
        string copy = run.Copy(), path = Path.GetDirectoryName(Path.GetDirectoryName(copy))!;
        Assert.True(Path.IsPathRooted(path));
        Assert.Equal(0, CliRun.Of("report", "--run", copy).ExitCode);
        Assert.Equal(0, CliRun.Of("replay", "--run", copy).ExitCode);
        string[] all = [.. Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file, Encoding.Latin1).Contains(path, StringComparison.Ordinal))];
        Assert.Equal([Path.Combine(copy, "source.json")], all);
        Assert.Contains("\"model\": \"model\"", File.ReadAllText(Path.Combine(copy, "summary.json")), StringComparison.Ordinal);
    }

    /// <summary>What a pretraining text has in common with nobody.</summary>
    private static JsonObject Overlap() => new() { ["text"] = "x", ["hash"] = "y", ["words"] = 13, ["clients"] = new JsonArray() };

    private static void Rename(JsonNode parent, string from, string to)
    {
        var value = parent[from]!.DeepClone();
        parent.AsObject().Remove(from);
        parent[to] = value;
    }

    /// <summary>Exit code 2 and one line without names of .NET's.</summary>
    private static void AssertSaid(CliRun found, string[] says)
    {
        found.AssertRefused(says);
        foreach (string name in new[] { "LoraCollab.", "System.", "Exception", "JsonObject", "LineNumber" })
            Assert.DoesNotContain(name, found.Error, StringComparison.Ordinal);
        Assert.Single(found.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
