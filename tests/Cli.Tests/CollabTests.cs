using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>`collab` on a small character model of one's own texts, from the command line to the run folder.</summary>
public sealed class CollabTests : IDisposable
{
    private readonly SmallModel model = new();

    public CollabTests() => model.Texts();

    public void Dispose() => model.Dispose();

    private string[] Collab(params string[] more) =>
    [
        "collab", "--model", model.Folder, "--data", model.At("texts"), "--backend", "reference", "--threads", "2", "--clients", "4",
        "--sequence-length", "16", "--batch-size", "2", "--iterations", "6", "--pretraining-rounds", "2", "--trust-freq", "2",
        "--train-tokens", "300", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "200", .. more,
    ];

    [Fact]
    public void Collab_SmallRun_ShowsPlanTableMapsAndNextCommands()
    {
        var run = CliRun.Of(Collab("--out", model.At("run")));
        Assert.True(run.ExitCode == 0, run.Error);
        foreach (string part in new[]
        {
            "4 clients", "aggregations after 2, 4, 6", "base model", "local", "fedavg", "theoretical", "weights", "validation", "prediction", "0 cats",
            "generate --adapter",
        })
            Assert.Contains(part, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.All(run.Out.Split('\n').Where(l => !l.Contains(model.Folder, StringComparison.Ordinal)),
            line => Assert.True(line.TrimEnd().Length <= 140, line));
        foreach (string file in new[]
        {
            "config.json", "manifest.json", "metrics.jsonl", "trust.jsonl", "ledger.jsonl", "summary.json",
            "adapters/weights/client_3/adapter_model.safetensors",
        })
            Assert.True(File.Exists(model.At("run", file)), file);
        Assert.Equal(0, CliRun.Of(model.On("eval", "--adapter", model.At("run", "adapters", "weights", "client_3"))).ExitCode);
    }

    [Fact]
    public void Collab_SameCommandAgain_PrintsTheStoredResult()
    {
        string[] args = Collab("--schemes", "local,fedavg", "--out", model.At("run"), "--json");
        string first = CliRun.Of(args).Out;
        var written = File.GetLastWriteTimeUtc(model.At("run", "summary.json"));
        Assert.Equal(first, CliRun.Of(args).Out);
        Assert.Equal(written, File.GetLastWriteTimeUtc(model.At("run", "summary.json")));
        using var json = JsonDocument.Parse(first);
        Assert.Equal(["local", "fedavg"], json.RootElement.GetProperty("schemes").EnumerateObject().Select(s => s.Name));
        Assert.Equal(0, CliRun.Of([.. args, "--fresh"]).ExitCode);
        Assert.NotEqual(written, File.GetLastWriteTimeUtc(model.At("run", "summary.json")));
        CliRun.Refused(["--out", "another"], [.. args, "--seed", "7"]);
    }

    [Fact]
    public void Collab_ComparatorsAgain_AreReadAndOthersAdded()
    {
        string[] args = Collab("--schemes", "local", "--out", model.At("run"), "--comparators");
        string file = model.At("run", "comparators.json");
        Assert.Equal(0, CliRun.Of([.. args, "pooled_all"]).ExitCode);
        string first = File.ReadAllText(file);
        var written = File.GetLastWriteTimeUtc(file);
        Assert.Equal(0, CliRun.Of([.. args, "pooled_all"]).ExitCode);
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
        Assert.Equal(0, CliRun.Of([.. args, "pooled_category"]).ExitCode);
        using var both = JsonDocument.Parse(File.ReadAllText(file));
        using var one = JsonDocument.Parse(first);
        Assert.Equal(["pooled_all", "pooled_category"], both.RootElement.EnumerateObject().Select(c => c.Name));
        Assert.Equal(one.RootElement.GetProperty("pooled_all").GetRawText(), both.RootElement.GetProperty("pooled_all").GetRawText());
        Assert.Equal(0, CliRun.Of([.. Collab("--schemes", "local", "--out", model.At("run")), "--fresh"]).ExitCode);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void Collab_JsonWithComparators_ShowsTheirStoredNumbers()
    {
        var run = CliRun.Of(Collab("--schemes", "fedavg", "--out", model.At("run"), "--comparators", "fedavg_finetuned,local_with_trust_text", "--json"));
        using var printed = JsonDocument.Parse(run.Out);
        using var stored = JsonDocument.Parse(File.ReadAllText(model.At("run", "comparators.json")));
        Assert.Equal(2, stored.RootElement.EnumerateObject().Count());
        foreach (var comparator in stored.RootElement.EnumerateObject())
            Assert.Equal(comparator.Value.GetProperty("mean_loss").GetDouble(),
                printed.RootElement.GetProperty("comparators").GetProperty(comparator.Name).GetProperty("mean_loss").GetDouble());
        Assert.Equal(2, stored.RootElement.GetProperty("fedavg_finetuned").GetProperty("steps").GetInt32());
        Assert.DoesNotContain("comparators", File.ReadAllText(model.At("run", "summary.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Collab_DryRun_PrintsThePlanOnly()
    {
        var run = CliRun.Of(Collab("--out", model.At("run"), "--dry-run"));
        Assert.Equal(0, run.ExitCode);
        foreach (string part in new[] { "steps", "time", "memory", "disk" }) Assert.Contains($"  {part} ", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("base model", run.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(model.At("run")));
    }

    [Fact]
    public void Collab_Stopped_ResumesToTheSameAdapters()
    {
        string[] args = Collab("--schemes", "fedavg,weights", "--checkpoint-every", "1");
        Assert.Equal(0, CliRun.Of([.. args, "--out", model.At("whole")]).ExitCode);
        using (var stop = new StopSignal())
        {
            stop.Request(ExitCode.Terminated);
            using var error = new StringWriter();
            Assert.Equal(143, Application.Run([.. args, "--out", model.At("parts")], Report.Terminal.Plain(TextWriter.Null), error, stop));
        }
        CliRun.Refused(["--resume"], [.. args, "--out", model.At("parts")]);
        var resumed = CliRun.Of([.. args, "--out", model.At("parts"), "--resume"]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        foreach (string scheme in new[] { "fedavg", "weights" })
            for (int i = 0; i < 4; i++)
            {
                string file = Path.Combine("adapters", scheme, $"client_{i}", "adapter_model.safetensors");
                Assert.Equal(File.ReadAllBytes(model.At("whole", file)), File.ReadAllBytes(model.At("parts", file)));
            }
    }

    [Fact]
    public void Collab_Quiet_PrintsTheResultOnly()
    {
        var run = CliRun.Of(Collab("--schemes", "local", "--out", model.At("run"), "--quiet"));
        Assert.Contains("base model", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("disk", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(" left)", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Collab_LockedFolder_IsRefused()
    {
        Assert.Equal(0, CliRun.Of(Collab("--schemes", "local", "--out", model.At("run"))).ExitCode);
        using var held = new FileStream(model.At("run", "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        CliRun.Refused(["another process"], Collab("--schemes", "local", "--out", model.At("run")));
    }

    [Theory]
    [InlineData("more clients than the data can feed", "--clients=400")]
    [InlineData("did you mean fedavg?", "--schemes=local,fedavgg")]
    [InlineData("--schemes 'local, fedavg'", "--schemes=local, fedavg")]
    [InlineData("--schemes: a scheme is named twice", "--schemes=local,local")]
    [InlineData("--compat", "--compat=papers")]
    [InlineData("--trap 99=paper", "--trap=99=paper")]
    [InlineData("--trap", "--trap=5")]
    [InlineData("--targets", "--compat=paper", "--targets=attn")]
    [InlineData("--temperature", "--temperature=0")]
    [InlineData("--temperature", "--temperature=weights=NaN")]
    [InlineData("--threshold", "--threshold=0,5")]
    [InlineData("topology", "--topology=torus")]
    [InlineData("--neighbours '0'", "--neighbours=0")]
    [InlineData("--self", "--self=best")]
    [InlineData("--iterations '1e3'", "--iterations=1e3")]
    [InlineData("--pretraining-rounds", "--pretraining-rounds=7")]
    [InlineData("context", "--sequence-length=17")]
    [InlineData("--lr '0,002'", "--lr=0,002")]
    [InlineData("--lr 'Infinity'", "--lr=Infinity")]
    [InlineData("--dropout '1.5'", "--dropout=1.5")]
    [InlineData("distribution", "--distribution=dirichlet:x")]
    [InlineData("window", "--train-tokens=10")]
    [InlineData("--seed", "--seed=1.5")]
    [InlineData("--resume and --fresh", "--resume", "--fresh")]
    [InlineData("addressed", "--batch-size=2000000000")]
    [InlineData("of memory and the machine has", "--batch-size=60000000")]
    [InlineData("--keep-rounds", "--keep-rounds=some")]
    [InlineData("--comparators", "--comparators=pooled")]
    [InlineData("--categories", "--categories=cats,")]
    public void Collab_WithABadValue_IsRefusedByName(string expected, params string[] options)
    {
        var names = options.Select(o => o.Split('=')[0]).ToHashSet();
        string[] all = Collab("--out", model.At("run"));
        var kept = new List<string> { "collab" };
        for (int i = 1; i < all.Length; i += 2)
            if (!names.Contains(all[i])) kept.AddRange(all[i..(i + 2)]);
        CliRun.Refused([expected], [.. kept, .. options]);
        Assert.False(File.Exists(model.At("run", "summary.json")));
    }

    [Fact]
    public void Collab_OutputThatCannotBeAFolder_IsRefused()
    {
        CliRun.Refused([model.Text], Collab("--out", model.Text));
        CliRun.Refused([model.Text], Collab("--out", Path.Combine(model.Text, "below")));
        CliRun.Refused(["texts"], Collab("--out", model.At("texts")));
        Assert.Equal("", CliRun.Refused(["cannot be written"], Collab("--out", Path.Combine(model.Text, "below"), "--dry-run")).Out);
        Assert.Equal("", CliRun.Refused(["config.json is not of a run"], Collab("--out", model.Folder, "--fresh")).Out);
        Assert.True(File.Exists(Path.Combine(model.Folder, "model.safetensors")));
    }
}
