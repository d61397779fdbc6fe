namespace LoraCollab.Federation.Tests;

public sealed class RunFolderTests : IDisposable
{
    private readonly SmallRun _run = new();

    private static RunIdentity Identity(Func<CollaborationOptions, CollaborationOptions>? change = null) => new()
    {
        Options = (change?.Invoke(new()) ?? new()).Resolve(),
        DataHash = "d",
        TokenizerHash = "t",
        ModelHash = "m",
        Backend = BackendKind.Host,
    };

    [Fact]
    public void Id_StoredAndReadBack_IsTheSame()
    {
        foreach (var change in new Func<CollaborationOptions, CollaborationOptions>[]
        {
            o => o,
            o => o with { Compat = Compat.Paper.With("12=corrected"), Dropout = 0.1 },
            o => o with { Threshold = PerScheme.Parse("threshold", "0.1"), Neighbours = 3, Topology = "ring", Schemes = ["weights", "local"],
                LearningRate = 1.0 / 3 },
        })
            Assert.Equal(Identity(change).Id(), RunJson.Parse<RunIdentity>("test", RunJson.File(Identity(change))).Id());
    }

    [Fact]
    public void Id_AnyResultChangingValue_IsAnother()
    {
        var variants = new List<RunIdentity>
        {
            Identity(), Identity(o => o with { Seed = 2 }), Identity(o => o with { LearningRate = 1e-3 }), Identity(o => o with { Schemes = ["local"] }),
            Identity(o => o with { Temperature = new() { ["weights"] = 0.3 } }), Identity(o => o with { Topology = "ring" }),
                Identity(o => o with { Compat = Compat.Paper }),
            Identity(o => o with { Compat = Compat.Corrected.With(Trap.EvaluatedAfterOnly, true) }), Identity(o => o with { PredictionK = 99 }),
                Identity(o => o with { Self = "scored" }),
            Identity() with { DataHash = "e" }, Identity() with { ModelHash = "n" }, Identity() with { TokenizerHash = "u" },
                Identity() with { Backend = BackendKind.Reference },
            Identity() with { ResultVersion = 99 },
        };
        Assert.Equal(variants.Count, variants.Select(v => v.Id()).Distinct().Count());
        Assert.All(variants, v => Assert.Matches("^[0-9a-f]{12}$", v.Id()));
    }

    [Fact]
    public void Id_ThreadsAndFolder_DoNotMatter()
    {
        using var backend = TestBackends.Open(BackendKind.Reference);
        string Id(RunSettings settings)
        {
            using var collaboration = new Collaboration(SmallRun.Options, new CollaborationInputs("random", SmallRun.Weights(), SmallRun.Data, backend),
                settings);
            return collaboration.Identity.Id();
        }
        Assert.Equal(Id(_run.Settings("a")), Id(new RunSettings
        {
            Out = "elsewhere",
            Threads = 7,
            CheckpointEvery = 1,
            KeepRounds = KeepRounds.None,
            Resume = true
        }));
    }

    [Fact]
    public void Folder_Default_IsNamedAfterTheRun() =>
        Assert.Equal(Path.Combine("runs", Identity().Id()), new RunSettings().FolderOf(Identity().Id()));

    [Fact]
    public void Open_HeldByAnother_IsRefused()
    {
        using var first = RunFolder.Open(Identity(), _run.Settings("a"));
        Assert.Contains("another process", Assert.ThrowsAny<UserException>(() => RunFolder.Open(Identity(),
            _run.Settings("a") with { Resume = true })).Message);
    }

    [Fact]
    public void Open_ForeignFolder_IsLeftAlone()
    {
        Directory.CreateDirectory(_run.Folder("a"));
        File.WriteAllText(Path.Combine(_run.Folder("a"), "thesis.txt"), "words");
        Assert.Contains("thesis.txt", Assert.ThrowsAny<UserException>(() => RunFolder.Open(Identity(), _run.Settings("a") with { Fresh = true })).Message);
        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(_run.Folder("a")).Select(Path.GetFileName));
    }

    [Fact]
    public void Open_AFile_IsRefused()
    {
        File.WriteAllText(_run.Folder("a"), "");
        Assert.Contains("expected a folder", Assert.ThrowsAny<UserException>(() => RunFolder.Open(Identity(), _run.Settings("a"))).Message);
        Assert.Contains("cannot be written", Assert.ThrowsAny<UserException>(() => RunFolder.Open(Identity(), _run.Settings(Path.Combine("a", "b")))).Message);
    }

    [Fact]
    public void Open_DamagedConfiguration_IsNamed()
    {
        Directory.CreateDirectory(_run.Folder("a"));
        foreach (string text in (string[])["{", "[]", "null", "{\"wrong\": 1}"])
        {
            File.WriteAllText(Path.Combine(_run.Folder("a"), "config.json"), text);
            Assert.Contains("config.json", Assert.ThrowsAny<UserException>(() => RunFolder.Open(Identity(), _run.Settings("a"))).Message);
        }
    }

    [Fact]
    public void Open_Fresh_ForgetsTheRunAndNothingElse()
    {
        using (RunFolder.Open(Identity(), _run.Settings("a"))) { }
        File.WriteAllText(Path.Combine(_run.Folder("a"), "summary.json"), "{}");
        File.WriteAllText(Path.Combine(_run.Folder("a"), "notes.txt"), "mine");
        using var folder = RunFolder.Open(Identity(o => o with { Seed = 2 }), _run.Settings("a") with { Fresh = true });
        Assert.Equal(RunState.New, folder.State);
        Assert.False(File.Exists(Path.Combine(_run.Folder("a"), "summary.json")));
        Assert.True(File.Exists(Path.Combine(_run.Folder("a"), "notes.txt")));
    }

    [Theory]
    [InlineData("{\"model_type\": \"gpt2\", \"n_layer\": 2}")]
    [InlineData("not JSON")]
    public void Open_FreshOnAFolderWithAnotherConfiguration_DeletesNothing(string config)
    {
        string folder = _run.Folder("model");
        Directory.CreateDirectory(Path.Combine(folder, "adapters", "mine"));
        foreach (string name in (string[])["manifest.json", "summary.json", "metrics.jsonl", "model.safetensors", "adapters/mine/adapter_model.safetensors"])
            File.WriteAllText(Path.Combine(folder, name), name);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        var before = SmallRun.Results(folder);
        string message = Assert.ThrowsAny<UserException>(() => RunFolder.Open(Identity(), _run.Settings("model") with { Fresh = true })).Message;
        Assert.Contains(folder, message);
        Assert.Contains("config.json is not of a run", message);
        Assert.DoesNotContain('\n', message);
        Assert.Equal(before, SmallRun.Results(folder));
        Assert.True(File.Exists(Path.Combine(folder, "summary.json")));
    }

    [Fact]
    public void Open_Fresh_DeletesOnlyWhatARunWrites()
    {
        SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg"] }, _run.Settings("a"));
        string mine = Path.Combine(_run.Folder("a"), "adapters", "fedavg", "client_0", "thoughts.md"), notes =
            Path.Combine(_run.Folder("a"), "rounds", "notes.txt");
        File.WriteAllText(mine, "words");
        File.WriteAllText(notes, "words");
        File.WriteAllText(Path.Combine(_run.Folder("a"), "comparators.json"), "{}");
        using (RunFolder.Open(Identity(), _run.Settings("a") with { Fresh = true })) { }
        var left = Directory.EnumerateFiles(_run.Folder("a"), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "lock").Order(StringComparer.Ordinal);
        Assert.Equal([mine, Path.Combine(_run.Folder("a"), "config.json"), notes], left);
    }

    [Fact]
    public void Check_AnyFolder_RefusesWhatOpenWouldAndLeavesTheDiskAsItWas()
    {
        Assert.Equal(RunState.New, RunFolder.Check(Identity(), _run.Settings(Path.Combine("new", "below"))));
        Assert.False(Directory.Exists(_run.Folder("new")));
        File.WriteAllText(_run.Folder("file"), "");
        Assert.Contains("expected a folder", Assert.ThrowsAny<UserException>(() => RunFolder.Check(Identity(), _run.Settings("file"))).Message);
        Assert.Contains("cannot be written", Assert.ThrowsAny<UserException>(() => RunFolder.Check(Identity(),
            _run.Settings(Path.Combine("file", "below")))).Message);
        using (RunFolder.Open(Identity(), _run.Settings("a")))
            Assert.Contains("another process", Assert.ThrowsAny<UserException>(() => RunFolder.Check(Identity(),
                _run.Settings("a") with { Fresh = true })).Message);
        var before = SmallRun.Results(_run.Folder("a"));
        Assert.Contains("resume it", Assert.ThrowsAny<UserException>(() => RunFolder.Check(Identity(), _run.Settings("a"))).Message);
        Assert.Contains("options.data_seed", Assert.ThrowsAny<UserException>(() => RunFolder.Check(Identity(o => o with { Seed = 2 }),
            _run.Settings("a"))).Message);
        Assert.Equal(RunState.InterruptedWithoutCheckpoint, RunFolder.Check(Identity(), _run.Settings("a") with { Resume = true }));
        Assert.Equal(RunState.New, RunFolder.Check(Identity(o => o with { Seed = 2 }), _run.Settings("a") with { Fresh = true }));
        Assert.Equal(before, SmallRun.Results(_run.Folder("a")));
    }

    [Fact]
    public void Log_CutBeyondItsEnd_IsRefused()
    {
        var log = new RunLog(_run.Folder("x.jsonl"));
        log.Append(1, 2, 3);
        log.CutTo(4);
        Assert.Equal([1, 2], log.Read<int>());
        Assert.ThrowsAny<UserException>(() => log.CutTo(5));
    }

    public void Dispose() => _run.Dispose();
}
