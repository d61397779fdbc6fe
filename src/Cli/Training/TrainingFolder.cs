using System.Text.Json;
using LoraCollab.Data;
using LoraCollab.Engine;

namespace LoraCollab.Cli.Training;

/// <summary>The folder of one training run: metrics.jsonl, a checkpoint while it runs, summary.json when it is done.</summary>
internal sealed class TrainingFolder(string path)
{
    private const string IdentityNote = "identity";

    public string Path { get; } = path;

    public string Summary => At("summary.json");

    private string Checkpoint => At("checkpoint.safetensors");

    private string Metrics => At("metrics.jsonl");

    /// <summary>Makes the folder ready for a run and returns the checkpoint to go on from, or null to start.</summary>
    /// <exception cref="UserException">The folder holds a finished run, or the checkpoint of another one, or cannot be written.</exception>
    public TensorBag? Begin(bool resume, bool fresh, string identity)
    {
        if (resume && fresh) throw new UserException("--resume and --fresh exclude each other: go on from the checkpoint, or run anew");
        if (File.Exists(Path)) throw new UserException($"--out {Path}: expected a folder, found a file");
        if (fresh)
            foreach (string file in new[] { Summary, Checkpoint, Metrics }) File.Delete(file);
        if (File.Exists(Summary)) throw new UserException($"--out {Path}: the folder already holds a finished run; give --fresh to run anew, or another folder");
        if (resume && File.Exists(Checkpoint))
        {
            var bag = TensorBag.Load(Checkpoint);
            if (bag.Metadata.GetValueOrDefault(IdentityNote) != identity)
                throw new UserException($"{Checkpoint}: the checkpoint belongs to a run with other options or data; repeat its command, or give --fresh");
            return bag;
        }
        if (File.Exists(Checkpoint)) throw new UserException($"--out {Path}: the folder holds an unfinished run; give --resume to go on, or --fresh to run anew");
        AtomicFile.WriteText(Metrics, "");
        return null;
    }

    public void SaveCheckpoint(TensorBag bag, string identity)
    {
        bag.Metadata[IdentityNote] = identity;
        bag.Save(Checkpoint);
    }

    /// <summary>Appends one line; on resuming, lines after the checkpoint's iteration are dropped first by <see cref="Rewind"/>.</summary>
    public void Log(object line) => File.AppendAllText(Metrics, JsonText.Line(line) + "\n");

    /// <summary>Drops what a crashed run logged after its checkpoint.</summary>
    public void Rewind(long iteration)
    {
        if (!File.Exists(Metrics)) return;
        var kept = File.ReadLines(Metrics).TakeWhile(line => JsonDocument.Parse(line).RootElement.GetProperty("iteration").GetInt64() <= iteration);
        AtomicFile.WriteText(Metrics, string.Concat(kept.Select(line => line + "\n").ToArray()));
    }

    public void Finish(object summary)
    {
        AtomicFile.WriteText(Summary, JsonText.File(summary));
        File.Delete(Checkpoint);
    }

    private string At(string name) => System.IO.Path.Combine(Path, name);
}
