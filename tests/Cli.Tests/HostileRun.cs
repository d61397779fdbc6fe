using System.Text.Json.Nodes;

namespace LoraCollab.Cli.Tests;

/// <summary>A real run of four clients, of which each test takes a copy and changes one thing: what a folder from somebody else may hold.</summary>
public sealed class HostileRun : IDisposable
{
    private readonly SmallModel _model = new();
    private int _copies;

    public HostileRun()
    {
        _model.Texts();
        var collab = CliRun.Of([.. Collab, "--comparators", "pooled_all", "--out", _model.At("run")]);
        Assert.True(collab.ExitCode == 0, collab.Error);
    }

    /// <summary>The command that made it, without its folder.</summary>
    public string[] Collab =>
    [
        "collab", "--model", _model.Folder, "--data", _model.At("texts"), "--backend", "reference", "--threads", "2", "--clients", "4",
        "--sequence-length", "16", "--batch-size", "2", "--iterations", "6", "--pretraining-rounds", "2", "--trust-freq", "2", "--train-tokens", "300",
        "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "200", "--schemes", "local,fedavg,validation",
    ];

    /// <summary>
    /// A copy of the run in a folder of its own, so that what is made beside it is seen; without hashes, which whoever forges a run could forge, too.
    /// </summary>
    public string Copy()
    {
        string folder = _model.At($"copy{_copies++}", "run");
        foreach (string file in Directory.EnumerateFiles(_model.At("run"), "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(folder, Path.GetRelativePath(_model.At("run"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        File.Delete(Path.Combine(folder, FileHashes.FileName));
        return folder;
    }

    /// <summary>Changes a JSON file, or one line of a file of JSON lines.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="change">Of the object.</param>
    /// <param name="line">Which line, from 0; null: the file is one object.</param>
    public static void Change(string file, Action<JsonObject> change, int? line = null)
    {
        string[] lines = line is null ? [File.ReadAllText(file)] : File.ReadAllLines(file);
        var node = JsonNode.Parse(lines[line ?? 0])!.AsObject();
        change(node);
        lines[line ?? 0] = node.ToJsonString();
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
    }

    /// <summary>Every file and folder in the folder around a copy, with what files hold.</summary>
    public static SortedDictionary<string, string> Around(string copy) => new(
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(copy)!, "*", SearchOption.AllDirectories).ToDictionary(path => path,
            path => File.Exists(path) ? Convert.ToHexString(File.ReadAllBytes(path)) : ""), StringComparer.Ordinal);

    public void Dispose() => _model.Dispose();
}
