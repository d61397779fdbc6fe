using System.Globalization;

namespace LoraCollab.Engine.Training;

/// <summary>What a stopped training goes on from: one safetensors file that carries its own SHA-256.</summary>
/// <param name="Tensors">Parameters, moments and the count of steps.</param>
/// <param name="Losses">Of training since the evaluation before.</param>
/// <param name="Log">Of what the log held.</param>
public sealed record TrainingCheckpoint(TensorBag Tensors, TrainLossSum Losses, FileHash Log)
{
    private const string Identity = "identity", Sum = "train_loss_sum", Count = "train_loss_count";
    private const string LogBytes = "log_bytes", LogSha256 = "log_sha256", Sha256 = "sha256";

    /// <summary>Writes the file.</summary>
    /// <param name="identity">Everything that the training's result depends on, as text.</param>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Save(string path, string identity)
    {
        var notes = Tensors.Metadata;
        notes[Identity] = identity;
        notes[Sum] = Losses.Sum.ToString("R", CultureInfo.InvariantCulture);
        notes[Count] = Losses.Count.ToString(CultureInfo.InvariantCulture);
        notes[LogBytes] = Log.Bytes.ToString(CultureInfo.InvariantCulture);
        notes[LogSha256] = Log.Sha256;
        notes[Sha256] = Tensors.Digest(without: Sha256);
        Tensors.Save(path);
    }

    /// <summary>Reads a file back; <paramref name="identity"/> is what <see cref="Save"/> was given.</summary>
    /// <exception cref="UserException">It is missing, damaged, or of an earlier version, which kept less.</exception>
    public static TrainingCheckpoint Load(string path, out string identity)
    {
        var bag = ForeignBytes.Read(path, "a checkpoint", () => TensorBag.Load(path));
        var notes = bag.Metadata;
        if (!notes.TryGetValue(Sha256, out string? sha256))
            throw new UserException(
                $"{path}: damaged, or written by an earlier version of the program, which did not keep the training loss and the log's length");
        if (bag.Digest(without: Sha256) != sha256) throw new UserException($"{path}: damaged: its SHA-256 is not that of what was written");
        identity = notes[Identity];
        var losses = new TrainLossSum(double.Parse(notes[Sum], CultureInfo.InvariantCulture), int.Parse(notes[Count], CultureInfo.InvariantCulture));
        return new TrainingCheckpoint(bag, losses, new FileHash(long.Parse(notes[LogBytes], CultureInfo.InvariantCulture), notes[LogSha256]));
    }
}
