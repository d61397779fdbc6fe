namespace LoraCollab.Federation.Tests;

/// <summary>
/// A run killed at every moment at which its folder changes, and gone on with: the bits of one that was left alone, and no file more or less.
/// </summary>
public sealed class KillTests : IDisposable
{
    private readonly SmallRun _small = new(inMemory: true);
    private readonly StubRun _run;
    private readonly SortedDictionary<string, string> _whole;
    private readonly int _steps;

    public KillTests()
    {
        _run = new StubRun(_small);
        _steps = StubRun.Steps(() => _run.Run(_run.Settings("whole")));
        _whole = StubRun.Tree(_small.Folder("whole"));
        Assert.True(_steps > 100, $"{_steps} steps");
        Assert.DoesNotContain(_whole.Keys, name => name.StartsWith("checkpoints", StringComparison.Ordinal));
    }

    public void Dispose() => _small.Dispose();

    [Fact]
    public void Run_KilledAtEveryStep_GoesOnToTheSameBits()
    {
        for (int step = 0; step < _steps; step++)
        {
            Assert.True(Killed("killed", step));
            AssertWhole("killed", settings => settings with { Resume = true });
        }
        Assert.False(Killed("killed", _steps));
    }

    [Fact]
    public void Resume_KilledToo_GoesOnToTheSameBits()
    {
        for (int step = 3; step < _steps; step += 23)
        {
            Assert.True(Killed("killed", step));
            for (int more = 1; Killed("killed", more, settings => settings with { Resume = true }); more += 11) { }
            AssertWhole("killed", settings => settings);
        }
    }

    [Fact]
    public void Fresh_KilledAtEveryStep_BeginsAnewOrGoesOnToTheSameBits()
    {
        int step = 0;
        do
        {
            _run.Run(_run.Settings("killed"));
            // Fresh takes away what was there before it begins: on the way there is no moment at which half of it passes for a result or a checkpoint.
            AssertKilledOnTheWay(ref step, settings => step % 2 == 0 ? settings with { Fresh = true } : settings with { Resume = true });
        }
        while (step > 0);
    }

    /// <summary>What stands in a folder whose config.json was about to get its name: the same command must find it empty.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Run_OnWhatAKillLeftOfAnEmptyFolder_Begins(bool resume, bool fresh)
    {
        string folder = _small.Folder("killed");
        Directory.CreateDirectory(Path.Combine(folder, "adapters", "local"));
        Directory.CreateDirectory(Path.Combine(folder, "checkpoints"));
        foreach (string name in (string[])["lock", $"config.json.{Guid.NewGuid():N}.tmp", $"checkpoints/index.json.{Guid.NewGuid():N}.tmp"])
            File.WriteAllText(Path.Combine(folder, name), "{");
        var before = Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).ToArray();
        var identity = Identity("killed");
        Assert.Equal(RunState.New, RunFolder.Check(identity, _run.Settings("killed") with { Resume = resume, Fresh = fresh }));
        Assert.Equal(before.Where(f => Path.GetFileName(f) != "lock"), Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories));
        AssertWhole("killed", settings => settings with { Resume = resume, Fresh = fresh });
    }

    [Theory]
    [InlineData("notes.tmp")]
    [InlineData("thesis.txt")]
    [InlineData("sub/thesis.txt")]
    public void Run_OnAFolderWithSomebodysFile_TouchesNothing(string name)
    {
        string file = Path.Combine(_small.Folder("killed"), name), half = Path.Combine(_small.Folder("killed"), $"config.json.{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "words");
        File.WriteAllText(half, "{");
        string message = Assert.ThrowsAny<UserException>(() => _run.Run(_run.Settings("killed") with { Fresh = true })).Message;
        Assert.Contains($"the folder holds {name.Split('/')[0]} and is not of a run", message);
        Assert.True(File.Exists(file) && File.Exists(half));
    }

    /// <summary>Two links to the folder above would never end if they were followed.</summary>
    [Fact]
    public void Run_OnAFolderOfLinks_TouchesNothing()
    {
        string folder = Directory.CreateDirectory(_small.Folder("killed")).FullName;
        foreach (string name in (string[])["a", "b"]) Directory.CreateSymbolicLink(Path.Combine(folder, name), "..");
        Assert.Contains("is not of a run", Assert.ThrowsAny<UserException>(() => _run.Run(_run.Settings("killed"))).Message);
    }

    [Fact]
    public void AddedToAResult_KilledAtEveryStep_IsThereOrMadeAnew()
    {
        _run.Run(_run.Settings("killed"));
        string folder = _small.Folder("killed");
        int steps = StubRun.Steps(() => StoredResult.Add(folder, "comparators.json", "{}\n"));
        for (int step = 0; step < steps; step++)
        {
            string text = "{" + new string(' ', step) + "}\n";
            Assert.True(StubRun.Kill(step, folder, () => StoredResult.Add(folder, "comparators.json", text)));
            StoredResult.Require(folder);
            if (!StoredResult.Holds(folder, "comparators.json")) StoredResult.Add(folder, "comparators.json", text);
            StoredResult.Require(folder);
            Assert.True(StoredResult.Holds(folder, "comparators.json"));
            AtomicFile.Sweep(folder);
        }
    }

    private RunIdentity Identity(string folder)
    {
        using var backend = TestBackends.Open(BackendKind.Reference);
        using var collaboration = _run.Open(backend, _run.Settings(folder));
        return collaboration.Identity;
    }

    private void AssertKilledOnTheWay(ref int step, Func<RunSettings, RunSettings> goOn)
    {
        if (!Killed("killed", step, settings => settings with { Fresh = true }))
        {
            Assert.True(step > _steps, $"{step} steps");
            step = 0;
            return;
        }
        AssertWhole("killed", goOn);
        // The removal of the old result is looked at step by step, the run after it has been in another test.
        step += step < 60 ? 1 : 7;
    }

    private bool Killed(string name, int step, Func<RunSettings, RunSettings>? change = null) =>
        StubRun.Kill(step, _small.Folder(name), () => _run.Run(change?.Invoke(_run.Settings(name)) ?? _run.Settings(name)));

    private void AssertWhole(string name, Func<RunSettings, RunSettings> goOn)
    {
        _run.Run(goOn(_run.Settings(name)));
        StoredResult.Require(_small.Folder(name));
        Assert.Equal(_whole, StubRun.Tree(_small.Folder(name)));
        Directory.Delete(_small.Folder(name), recursive: true);
    }
}
