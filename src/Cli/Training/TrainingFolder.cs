using System.Text.Json;
using LoraCollab.Data;
using LoraCollab.Engine;
using LoraCollab.Federation;

namespace LoraCollab.Cli.Training;

/// <summary>The folder of one training run: metrics.jsonl, a checkpoint while it runs, summary.json when it is done.</summary>
internal sealed class TrainingFolder(string path)
{
    private const string IdentityNote = "identity";

    /// <summary>What a run writes, apart from a tokenizer's files and its log.</summary>
    private static readonly string[] s_results = ["summary.json", "checkpoint.safetensors", "config.json", "model.safetensors", "adapter_config.json", "adapter_model.safetensors"];

    public string Path { get; } = path;

    public string Summary => At("summary.json");

    private string Checkpoint => At("checkpoint.safetensors");

    private string Metrics => At("metrics.jsonl");

    /// <summary>Refuses a folder that <see cref="Begin"/> could not use, and leaves the disk as it was.</summary>
    /// <exception cref="UserException">The folder holds a finished run or something else, or cannot be written.</exception>
    public void Require(bool resume, bool fresh)
    {
        if (resume && fresh) throw new UserException("--resume and --fresh exclude each other: go on from the checkpoint, or run anew");
        if (File.Exists(Path)) throw new UserException($"--out {Path}: expected a folder, found a file");
        if (Foreign() is { } foreign) throw new UserException($"--out {Path}: the folder holds {foreign}, which no training run wrote there; choose a new or empty folder");
        WritableFolder.Require(Path);
        if (fresh) return;
        if (File.Exists(Summary)) throw new UserException($"--out {Path}: the folder already holds a finished run; give --fresh to run anew, or another folder");
        if (!resume && File.Exists(Checkpoint)) throw new UserException($"--out {Path}: the folder holds an unfinished run; give --resume to go on, or --fresh to run anew");
    }

    /// <summary>Makes the folder ready for a run and returns the checkpoint to go on from, or null to start.</summary>
    /// <exception cref="UserException">As <see cref="Require"/>, or the checkpoint is of another run.</exception>
    public TensorBag? Begin(bool resume, bool fresh, string identity)
    {
        Require(resume, fresh);
        if (fresh && Directory.Exists(Path))
            foreach (string file in new[] { Summary, Checkpoint, Metrics }) File.Delete(file);
        if (resume && File.Exists(Checkpoint))
        {
            var bag = TensorBag.Load(Checkpoint);
            if (bag.Metadata.GetValueOrDefault(IdentityNote) != Versioned(identity))
                throw new UserException($"{Checkpoint}: the checkpoint belongs to a run with other options or data; repeat its command, or give --fresh");
            return bag;
        }
        AtomicFile.WriteText(Metrics, "");
        return null;
    }

    public void SaveCheckpoint(TensorBag bag, string identity)
    {
        bag.Metadata[IdentityNote] = Versioned(identity);
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

    /// <summary>A file that a run would replace in a folder without a training run's log; null where there is none. The log is our own if its first line has an iteration and a validation loss.</summary>
    private string? Foreign()
    {
        if (!File.Exists(Metrics)) return s_results.FirstOrDefault(name => File.Exists(At(name)));
        return File.ReadLines(Metrics).Take(1).All(IsOurs) ? null : "a metrics.jsonl";
    }

    private static bool IsOurs(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("iteration", out _) && json.RootElement.TryGetProperty("validation_loss", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The same settings give other numbers where the arithmetic has changed.</summary>
    private static string Versioned(string identity) => $"{RunIdentity.CurrentResultVersion} {identity}";
}
