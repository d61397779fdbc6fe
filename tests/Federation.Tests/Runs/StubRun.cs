using System.Text.RegularExpressions;

namespace LoraCollab.Federation.Tests;

/// <summary>
/// A run that takes some hundredths of a second, which tests kill at every step it takes on the disk: two clients, two schemes, one of which remembers.
/// </summary>
internal sealed partial class StubRun(SmallRun run)
{
    private static readonly FederatedData s_data = SmallRun.Deal(SmallRun.Corpus(["first", "second"]), clients: 2);

    public static CollaborationOptions Options { get; } = SmallRun.Options with
    {
        Schemes = ["local", "fedavgm"],
        Iterations = 4,
        PretrainingRounds = 1,
        TrustFrequency = 2,
        BatchSize = 1,
        Rank = 1,
    };

    public RunSettings Settings(string folder) => run.Settings(folder) with { CheckpointEvery = 2 };

    public RunSummary Run(RunSettings settings, IRunObserver? observer = null, CollaborationOptions? options = null) =>
        SmallRun.Run(options ?? Options, settings, observer, data: s_data);

    public Collaboration Open(ComputeBackend backend, RunSettings settings) =>
        new(Options, new CollaborationInputs("random", SmallRun.Weights(s_data), s_data, backend), settings);

    /// <summary>How many steps on the disk an action takes.</summary>
    public static int Steps(Action action)
    {
        int steps = 0;
        Disk.Observer = (_, _) => steps++;
        action();
        Disk.Observer = null;
        return steps;
    }

    /// <summary>
    /// Lets an action take so many steps on the disk and then dies: neither it nor what cleans up behind it takes another. A line that was being added is left
    /// half written, and the lock's file stays. False where the action ended before.
    /// </summary>
    public static bool Kill(int steps, string folder, Action action) => Kill((_, _) => steps-- <= 0, folder, action);

    /// <summary>As above, at the first step of which <paramref name="now"/> is true.</summary>
    public static bool Kill(Func<DiskStep, string, bool> now, string folder, Action action)
    {
        bool dead = false;
        Disk.Observer = (step, path) =>
        {
            if (!dead && !now(step, path)) return;
            if (step == DiskStep.Append && !dead) File.AppendAllText(path, "{\"scheme\": \"half a li");
            dead = true;
            throw new KilledException();
        };
        try
        {
            action();
            return false;
        }
        catch (KilledException)
        {
            File.WriteAllText(Path.Combine(folder, FolderLock.FileName), "");
            return true;
        }
        finally
        {
            Disk.Observer = null;
        }
    }

    /// <summary>Every file below a folder by its path, with what it holds; wall times, and with them the hash of the summary, left out.</summary>
    public static SortedDictionary<string, string> Tree(string folder)
    {
        var tree = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string entry in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, entry);
            tree[name] = Directory.Exists(entry) ? "folder" : name switch
            {
                "summary.json" => Seconds().Replace(File.ReadAllText(entry), ""),
                "hashes.json" => string.Join(' ', FileHashes.Load(folder)!.Files.Where(f => f.Key != "summary.json")),
                _ => FileHash.Of(entry).Sha256,
            };
        }
        return tree;
    }

    [GeneratedRegex("\"seconds\": [^,\n]*")]
    private static partial Regex Seconds();

    private sealed class KilledException : Exception;
}
