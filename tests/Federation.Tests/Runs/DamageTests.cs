namespace LoraCollab.Federation.Tests;

/// <summary>Damage to what a run has stored is named, and never goes into a result.</summary>
public sealed class DamageTests : IDisposable
{
    private const string Index = "checkpoints/index.json", Former = "checkpoints/previous.json";

    private readonly SmallRun _small = new(inMemory: true);
    private readonly StubRun _run;
    private readonly Lazy<SortedDictionary<string, string>> _whole;

    public DamageTests()
    {
        _run = new StubRun(_small);
        _whole = new(() =>
        {
            _run.Run(_run.Settings("whole"));
            return StubRun.Tree(_small.Folder("whole"));
        });
    }

    public void Dispose() => _small.Dispose();

    private string Root => _small.Folder("a");

    /// <summary>The last checkpoint rests on each of these files, the one before does not.</summary>
    [Theory]
    [InlineData(Index)]
    [InlineData("checkpoints/stage*")]
    [InlineData("metrics.jsonl")]
    [InlineData("trust.jsonl")]
    [InlineData("ledger.jsonl")]
    [InlineData("rounds/fedavgm/3.safetensors")]
    public void Resume_LastCheckpointDamaged_NamesItAndGoesOnFromTheOneBefore(string pattern)
    {
        foreach (Damage damage in Enum.GetValues<Damage>())
        {
            // A run that keeps the last round alone deletes rounds; on a log both checkpoints rest.
            if (damage == Damage.Missing && (pattern.StartsWith("rounds", StringComparison.Ordinal) || RunFiles.IsLog(pattern))) continue;
            Stop();
            string file = pattern.EndsWith('*') ? Path.Combine(Root, "checkpoints", Last().File) : Path.Combine(Root, pattern);
            Spoil(file, damage, from: pattern.EndsWith("jsonl", StringComparison.Ordinal) ? LengthBefore(Path.GetFileNameWithoutExtension(pattern)) : 0);
            var notes = Resume();
            Assert.Contains(notes, n => n.StartsWith(file, StringComparison.Ordinal)
                && n.EndsWith("; the run goes on from the checkpoint before", StringComparison.Ordinal));
            Assert.Equal(_whole.Value, StubRun.Tree(Root));
            Directory.Delete(Root, recursive: true);
        }
    }

    [Fact]
    public void Resume_CheckpointBeforeDamaged_IsNotMissed()
    {
        Stop();
        Spoil(Path.Combine(Root, Former), Damage.Bit);
        Assert.DoesNotContain(Resume(), n => n.Contains("damaged"));
        Assert.Equal(_whole.Value, StubRun.Tree(Root));
    }

    /// <summary>Both checkpoints rest on each of these.</summary>
    [Theory]
    [InlineData("checkpoints/shared.safetensors")]
    [InlineData("adapters/local/client_1/adapter_model.safetensors")]
    [InlineData("metrics.jsonl")]
    public void Resume_BothCheckpointsDamaged_IsRefusedAndBeginsWithFresh(string name)
    {
        foreach (Damage damage in Enum.GetValues<Damage>())
        {
            Stop();
            Spoil(Path.Combine(Root, name), damage);
            string message = Assert.ThrowsAny<UserException>(() => Resume()).Message;
            Assert.StartsWith(Path.Combine(Root, name), message);
            Assert.EndsWith("no checkpoint is whole; begin the run anew", message);
            _run.Run(_run.Settings("a") with { Fresh = true });
            Assert.Equal(_whole.Value, StubRun.Tree(Root));
            Directory.Delete(Root, recursive: true);
        }
    }

    [Fact]
    public void Resume_BothIndexesDamaged_NamesBoth()
    {
        Stop();
        Spoil(Path.Combine(Root, Index), Damage.Bit);
        Spoil(Path.Combine(Root, Former), Damage.Cut);
        string message = Assert.ThrowsAny<UserException>(() => Resume()).Message;
        Assert.Contains(Path.Combine(Root, Index), message);
        Assert.Contains(Path.Combine(Root, Former), message);
    }

    [Fact]
    public void Resume_EveryByteOfTheIndexDamaged_GoesOnFromTheOneBefore()
    {
        Stop();
        string index = Path.Combine(Root, Index);
        byte[] whole = File.ReadAllBytes(index);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(index, damaged);
            Assert.StartsWith(index, Assert.ThrowsAny<UserException>(() => Checkpoint.Parse(index, TextFile.Read(index))).Message);
        }
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("manifest.json")]
    public void Resume_WhatTheCommandKnowsItselfDamaged_IsWrittenAnew(string name)
    {
        Stop();
        string file = Path.Combine(Root, name);
        File.WriteAllText(file, File.ReadAllText(file) + " ");
        Resume();
        Assert.Equal(_whole.Value, StubRun.Tree(Root));
    }

    /// <summary>What an earlier version left: an index without hashes and without a checkpoint before it.</summary>
    [Fact]
    public void Resume_CheckpointOfAnEarlierVersion_GoesOnAndSaysThatItIsUnchecked()
    {
        Stop();
        var last = Last();
        File.WriteAllText(Path.Combine(Root, Index), RunJson.File(last with { Hashes = null }));
        File.Delete(Path.Combine(Root, Former));
        Assert.Contains(Resume(), n => n.Contains("without hashes; it is used unchecked"));
        Assert.Equal(_whole.Value, StubRun.Tree(Root));
    }

    [Theory]
    [InlineData("../../stage.safetensors")]
    [InlineData("/etc/hostname")]
    public void Resume_IndexThatLeadsElsewhere_IsRefused(string file)
    {
        Stop();
        File.WriteAllText(Path.Combine(Root, Index), RunJson.File(Last() with { File = file, Hashes = null }));
        File.Delete(Path.Combine(Root, Former));
        Assert.Contains("expected the name of a file beside it", Assert.ThrowsAny<UserException>(() => Resume()).Message);
    }

    [Fact]
    public void Run_FinishedFolderWithAnyFileDamaged_NamesItInsteadOfTheStoredResult()
    {
        _run.Run(_run.Settings("a"));
        var files = FileHashes.Load(Root)!.Files.Keys.ToArray();
        Assert.Superset(new HashSet<string> { "config.json", "manifest.json", "metrics.jsonl", "trust.jsonl", "ledger.jsonl", "summary.json",
            "rounds/fedavgm/3.safetensors", "adapters/local/client_0/adapter_config.json" }, files.ToHashSet());
        foreach (string name in files.Where(name => name is not ("config.json" or "summary.json")).Append(FileHashes.FileName))
            foreach (Damage damage in Enum.GetValues<Damage>())
            {
                if (name == FileHashes.FileName && damage == Damage.Missing) continue; // as folders of earlier versions
                string file = Path.Combine(Root, name);
                byte[] whole = File.ReadAllBytes(file);
                Spoil(file, damage);
                string message = Assert.ThrowsAny<UserException>(() => _run.Run(_run.Settings("a"))).Message;
                Assert.StartsWith(file, message);
                File.WriteAllBytes(file, whole);
            }
        _run.Run(_run.Settings("a"));
    }

    /// <summary>The two that tell whether there is a result at all, changed so that they can still be read.</summary>
    [Theory]
    [InlineData("config.json", "}", " }")]
    [InlineData("summary.json", "\"mean_loss\": ", "\"mean_loss\": 1")]
    public void Run_FinishedFolderWithAChangedValue_NamesTheFile(string name, string then, string now)
    {
        _run.Run(_run.Settings("a"));
        string file = Path.Combine(Root, name);
        File.WriteAllText(file, File.ReadAllText(file).Replace(then, now));
        Assert.StartsWith(file, Assert.ThrowsAny<UserException>(() => _run.Run(_run.Settings("a"))).Message);
        Assert.StartsWith(file, Assert.ThrowsAny<UserException>(() => RunRecord.Read(Root)).Message);
    }

    [Fact]
    public void Run_FinishedFolderOfAnEarlierVersion_GivesTheStoredResult()
    {
        var summary = _run.Run(_run.Settings("a"));
        File.Delete(Path.Combine(Root, FileHashes.FileName));
        Assert.Equal(summary.Seconds, _run.Run(_run.Settings("a")).Seconds);
        Assert.Equal(summary.RunId, RunRecord.Read(Root).Summary.RunId);
    }

    [Fact]
    public void KeepRoundsLast_SomebodysFilesBesideTheRounds_Stay()
    {
        Stop();
        string rounds = Path.Combine(Root, "rounds", "fedavgm");
        string[] theirs = ["2.safetensors", "99.safetensors", "notes.txt", "sub/3.safetensors"];
        Directory.CreateDirectory(Path.Combine(rounds, "sub"));
        foreach (string name in theirs) File.WriteAllText(Path.Combine(rounds, name), "words");
        _run.Run(_run.Settings("a") with { Resume = true, KeepRounds = KeepRounds.Last });
        var left = Directory.EnumerateFiles(rounds, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(rounds, f));
        Assert.Equal([.. theirs.Append("4.safetensors").Order(StringComparer.Ordinal)], left.Order(StringComparer.Ordinal));
        StoredResult.Require(Root);
    }

    /// <summary>Stops within fedavgm, when it has mixed once after the first time, with two checkpoints behind it.</summary>
    private void Stop()
    {
        bool Dead(DiskStep step, string path) => step == DiskStep.Rename && path == Path.Combine(Root, "rounds", "fedavgm", "4.safetensors");
        Assert.True(StubRun.Kill(Dead, Root, () => _run.Run(_run.Settings("a") with { CheckpointEvery = 1 })));
        Assert.True(File.Exists(Path.Combine(Root, Former)));
    }

    private Checkpoint Last() => Checkpoint.Parse(Index, TextFile.Read(Path.Combine(Root, Index)));

    /// <summary>Bytes of a log that the checkpoint before the last rests on.</summary>
    private long LengthBefore(string log) => Checkpoint.Parse(Former, TextFile.Read(Path.Combine(Root, Former))).Progress.LogLengths[log];

    private List<string> Resume()
    {
        var watcher = new Notes();
        _run.Run(_run.Settings("a") with { Resume = true }, watcher);
        return watcher.All;
    }

    private enum Damage
    {
        Bit,
        Cut,
        Missing,
    }

    private static void Spoil(string file, Damage damage, long from = 0)
    {
        byte[] bytes = File.ReadAllBytes(file);
        if (damage == Damage.Bit) bytes[from + (bytes.Length - from) / 2] ^= 1;
        if (damage == Damage.Cut) bytes = bytes[..(int)(from + (bytes.Length - from) / 2)];
        File.WriteAllBytes(file, bytes);
        if (damage == Damage.Missing) File.Delete(file);
    }

    private sealed class Notes : IRunObserver
    {
        public List<string> All { get; } = [];

        public void Noted(string note) => All.Add(note);

        public void Advanced(string stage, int iteration, double done) { }

        public void Evaluated(MetricsLine line) { }

        public void Aggregated(TrustLine line) { }

        public void Finished(string scheme, SchemeSummary summary) { }
    }
}
