using LoraCollab.Data;
using LoraCollab.Engine;

namespace LoraCollab.Federation;

/// <summary>
/// What a stopped run goes on from: checkpoints/index.json, which names the file with the clients' tensors. The index is replaced last, so that a crash
/// leaves the former checkpoint or the new one.
/// </summary>
/// <param name="File">The tensors' file, beside the index.</param>
/// <param name="Progress">How far the run is.</param>
internal sealed record Checkpoint(string File, RunProgress Progress)
{
    private const string Folder = "checkpoints", SharedFile = "shared.safetensors";

    /// <summary>The index of a run folder.</summary>
    public static string IndexOf(string root) => Path.Combine(root, Folder, "index.json");

    /// <summary>Stores the clients as they are, and forgets the checkpoint before.</summary>
    public static void Save(RunFolder folder, RunProgress progress, TensorBag clients)
    {
        string name = FormattableString.Invariant($"stage{progress.Stage + 1}-iteration{progress.Iteration}-{Guid.NewGuid():N}.safetensors");
        clients.Save(Path.Combine(folder.Checkpoints, name));
        AtomicFile.WriteText(IndexOf(folder.Root), RunJson.File(new Checkpoint(name, progress)));
        foreach (string file in Directory.EnumerateFiles(folder.Checkpoints, "stage*.safetensors"))
            if (Path.GetFileName(file) != name) System.IO.File.Delete(file);
    }

    /// <summary>The last checkpoint and its tensors.</summary>
    /// <exception cref="UserException">A file is missing or damaged.</exception>
    public static (RunProgress Progress, TensorBag Clients) Load(RunFolder folder)
    {
        string index = IndexOf(folder.Root);
        var checkpoint = RunJson.Parse<Checkpoint>(index, TextFile.Read(index));
        return (checkpoint.Progress, TensorBag.Load(PlainName.Inside(folder.Checkpoints, checkpoint.File, index)));
    }

    /// <summary>Stores the clients at the end of the shared iterations, where every scheme begins.</summary>
    public static void SaveShared(RunFolder folder, TensorBag clients) => clients.Save(Path.Combine(folder.Checkpoints, SharedFile));

    /// <summary>Deletes every checkpoint of a folder, and the folder if nothing else is in it.</summary>
    public static void Clear(string checkpoints) => RunFiles.Remove(checkpoints, "index.json", "stage*.safetensors", SharedFile);

    /// <exception cref="UserException">The file is missing or damaged.</exception>
    public static TensorBag LoadShared(RunFolder folder) => TensorBag.Load(Path.Combine(folder.Checkpoints, SharedFile));
}
