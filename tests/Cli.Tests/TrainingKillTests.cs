namespace LoraCollab.Cli.Tests;

/// <summary>
/// `train` and `pretrain` killed at every moment at which their folder changes, and gone on with: the bits of one that was left alone, no file more or less.
/// </summary>
public sealed class TrainingKillTests : IDisposable
{
    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    private string[] Command(string verb, string folder, params string[] more) => verb == "train"
        ? model.On("train", ["--out", model.At(folder), "--iterations", "4", "--rank", "2", "--checkpoint-every", "1",
            "--eval-every", "3", "--watch", "2", .. more])
        : model.Pretrain(model.At(folder), "4", ["--checkpoint-every", "1", "--eval-every", "3", "--watch", "2", .. more]);

    private static void Run(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("pretrain")]
    public void Training_KilledAtEveryStep_GoesOnToTheSameBits(string verb)
    {
        Run(Command(verb, "whole"));
        var whole = FolderContent.Of(model.At("whole"));
        int deaths = Crashes.AtEveryStep(() => CliRun.Of(Command(verb, "killed")), place =>
        {
            var rest = CliRun.Of(Command(verb, "killed", "--resume"));
            Assert.True(rest.ExitCode == 0, $"{place}: {rest.Error}");
            AssertSame(whole, FolderContent.Of(model.At("killed")), place);
            Directory.Delete(model.At("killed"), recursive: true);
        });
        Assert.InRange(deaths, 50, 90);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("pretrain")]
    public void Fresh_KilledAtEveryStep_BeginsAnewToTheSameBits(string verb)
    {
        Run(Command(verb, "whole"));
        var whole = FolderContent.Of(model.At("whole"));
        Run(Command(verb, "killed", "--seed", "7"));
        int step = 0;
        // What is taken away first decides what a kill leaves: the first steps are those of --fresh.
        Crashes.AtEveryStep(() => { if (step++ < 16) CliRun.Of(Command(verb, "killed", "--fresh")); }, place =>
        {
            Run(Command(verb, "killed", "--fresh"));
            AssertSame(whole, FolderContent.Of(model.At("killed")), place);
            Run(Command(verb, "killed", "--seed", "7", "--fresh"));
        });
        Assert.True(step > 16);
    }

    [Fact]
    public void Resume_KilledAgainAndAgain_GoesOnToTheSameBits()
    {
        Run(Command("train", "whole"));
        int deaths = 0;
        // Every attempt dies one step later than the one before, until one lives long enough.
        bool done = false;
        Crashes.AtEveryStep(() => done = done || CliRun.Of(Command("train", "killed", "--resume")).ExitCode == 0, _ => deaths++);
        Assert.True(deaths > 20, $"{deaths} deaths");
        AssertSame(FolderContent.Of(model.At("whole")), FolderContent.Of(model.At("killed")), "the end");
    }

    [Theory]
    [InlineData("train")]
    [InlineData("pretrain")]
    public void Checkpoint_OneBitFlipped_IsNamedAndTheOneBeforeUsed(string verb)
    {
        Run(Command(verb, "whole"));
        var whole = FolderContent.Of(model.At("whole"));
        var random = new Random(1);
        for (int i = 0; i < 12; i++)
        {
            Interrupt(verb, checkpoints: 3);
            string last = model.At("killed", "checkpoint.safetensors");
            byte[] bytes = File.ReadAllBytes(last);
            int bit = i < 4 ? random.Next(8 * 8) : i < 8 ? random.Next(8 * 600) : random.Next(8 * bytes.Length);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(last, bytes);
            var rest = CliRun.Of(Command(verb, "killed", "--resume"));
            Assert.True(rest.ExitCode == 0, $"bit {bit}: {rest.Error}");
            Assert.Contains("killed/checkpoint.safetensors: ", rest.Error, StringComparison.Ordinal);
            Assert.Contains("the checkpoint before", rest.Error, StringComparison.Ordinal);
            AssertSame(whole, FolderContent.Of(model.At("killed")), $"bit {bit}");
            Directory.Delete(model.At("killed"), recursive: true);
        }
    }

    [Fact]
    public void Checkpoints_BothDamaged_AreNamedAndNothingIsTouched()
    {
        Interrupt("train", checkpoints: 3);
        foreach (string file in Directory.GetFiles(model.At("killed"), "checkpoint*"))
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[^1] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
        var before = FolderContent.Of(model.At("killed"));
        CliRun.Refused(["checkpoint.safetensors: damaged", "checkpoint-before.safetensors: damaged", "--fresh"], Command("train", "killed", "--resume"));
        AssertSame(before, FolderContent.Of(model.At("killed")), "refused");
        Run(Command("train", "killed", "--fresh"));
    }

    [Fact]
    public void Log_ChangedBeforeTheCheckpoint_IsNamed()
    {
        Interrupt("train", checkpoints: 3);
        string log = model.At("killed", "metrics.jsonl");
        File.WriteAllText(log, File.ReadAllText(log).Replace("0.", "1.", StringComparison.Ordinal));
        CliRun.Refused(["metrics.jsonl: damaged", "--fresh"], Command("train", "killed", "--resume"));
    }

    [Fact]
    public void Checkpoint_OfAnEarlierVersion_IsRefusedWithTheReason()
    {
        Interrupt("train", checkpoints: 1);
        string last = model.At("killed", "checkpoint.safetensors");
        var bag = TensorBag.Load(last);
        foreach (string note in bag.Metadata.Keys.Where(k => k != "identity").ToArray()) bag.Metadata.Remove(note);
        bag.Save(last);
        CliRun.Refused(["checkpoint.safetensors", "earlier version", "--fresh"], Command("train", "killed", "--resume"));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("pretrain")]
    public void Training_IntoAFolderThatAnotherWrites_IsRefused(string verb)
    {
        using (FolderLock.Take(model.At("held")))
        {
            string[] there = [.. Directory.GetFileSystemEntries(model.At("held"))];
            foreach (string[] more in new[] { [], ["--fresh"], new[] { "--resume" } })
                CliRun.Refused(["held", "another process is writing into this folder"], Command(verb, "held", more));
            Assert.Equal(there, Directory.GetFileSystemEntries(model.At("held")));
        }
        Run(Command(verb, "held"));
    }

    [Fact]
    public void FinishedFolder_OneByteChanged_IsNotAsItsHashesSay()
    {
        Run(Command("train", "done"));
        var hashes = FileHashes.Load(model.At("done"))!;
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors", "metrics.jsonl", "summary.json"], hashes.Files.Keys);
        Assert.Empty(hashes.Faults(model.At("done")));
        File.AppendAllText(model.At("done", "metrics.jsonl"), " ");
        Assert.Equal("metrics.jsonl", Assert.Single(hashes.Faults(model.At("done"))).Name);
    }

    /// <summary>A run into the folder "killed" that dies after its checkpoint of that number.</summary>
    private void Interrupt(string verb, int checkpoints)
    {
        int seen = 0;
        Disk.Observer = (step, path) =>
        {
            if (seen >= checkpoints && step != DiskStep.Flush) throw new InvalidOperationException("dead");
            if (step == DiskStep.Rename && Path.GetFileName(path) == "checkpoint.safetensors") seen++;
        };
        try
        {
            CliRun.Of(Command(verb, "killed"));
        }
        finally
        {
            Disk.Observer = null;
        }
        Assert.Equal(Math.Min(2, checkpoints), Directory.GetFiles(model.At("killed"), "checkpoint*").Length);
    }

    internal static void AssertSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> found, string place)
    {
        Assert.True(expected.Keys.SequenceEqual(found.Keys), $"{place}: {string.Join(", ", found.Keys)} instead of {string.Join(", ", expected.Keys)}");
        foreach (var (name, content) in expected) Assert.True(content == found[name], $"{place}: {name} differs");
    }
}
