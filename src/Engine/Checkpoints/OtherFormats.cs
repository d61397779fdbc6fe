namespace LoraCollab.Engine.Checkpoints;

/// <summary>Formats of weights that are not read: each is refused by its name, with what to do.</summary>
public static class OtherFormats
{
    private static readonly string[] s_pickles = [".bin", ".pt", ".pth", ".ckpt", ".pkl"], s_others = [".h5", ".msgpack", ".ot", ".gguf", ".onnx"];

    /// <summary>Refuses a folder or file whose weights are in another format; returns where there are none.</summary>
    /// <param name="place">A file, or a folder that has no safetensors file.</param>
    /// <exception cref="UserException">Names the file, its format, and what to do.</exception>
    public static void Refuse(string place)
    {
        string[] files = File.Exists(place) ? [place] : [.. Directory.EnumerateFiles(place).Order(StringComparer.Ordinal)];
        foreach (string file in files)
        {
            string ending = Path.GetExtension(file).ToLowerInvariant();
            if (!s_pickles.Contains(ending) && !s_others.Contains(ending)) continue;
            LfsPointer.Refuse(file, Beginning(file));
            if (s_pickles.Contains(ending))
                throw new UserException(LlmcCheckpoint.Is(file)
                    ? $"{file}: a checkpoint of llm.c, which is a model by itself: give it as the model"
                    : $"{file}: weights as a pickle, which runs its author's code when it is opened, are not read: write them as safetensors first; "
                        + "docs/commands.md, 'Models and adapters', has the line for it");
            throw new UserException($"{file}: weights in this format are not read: expected model.safetensors, as save_pretrained of transformers writes it");
        }
    }

    private static byte[] Beginning(string file) => ForeignBytes.Read(file, "a file of weights", () =>
    {
        OrdinaryFile.Require(file);
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        var bytes = new byte[64];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    });
}
