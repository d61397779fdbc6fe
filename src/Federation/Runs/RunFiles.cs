namespace LoraCollab.Federation;

/// <summary>The files a run writes into its folder, and how to be rid of them without touching any other.</summary>
internal static class RunFiles
{
    /// <summary>Without config.json, which says whose the folder is and is replaced in one piece.</summary>
    private static readonly string[] Own = ["source.json", "manifest.json", "summary.json", "comparators.json", RunRecord.AfterLocalFile, "report.html", "report.md",
        .. RunFolder.Logs.Select(name => name + ".jsonl")];

    /// <summary>Deletes what a run writes; anything else in the folder, and the folders that hold it, stay.</summary>
    public static void Clear(string root)
    {
        foreach (string file in Own) File.Delete(Path.Combine(root, file));
        string rounds = Path.Combine(root, "rounds"), adapters = Path.Combine(root, "adapters");
        Remove(Path.Combine(root, "replay"), "*.jsonl");
        foreach (string scheme in TrustSchemes.Names)
        {
            Remove(Path.Combine(rounds, scheme), "*.safetensors");
            foreach (string client in Entries(Path.Combine(adapters, scheme), folder => Directory.EnumerateDirectories(folder, "client_*")))
                Remove(client, "adapter_config.json", "adapter_model.safetensors", "base_correction.safetensors");
            DeleteIfEmpty(Path.Combine(adapters, scheme));
        }
        DeleteIfEmpty(rounds);
        DeleteIfEmpty(adapters);
        Checkpoint.Clear(Path.Combine(root, "checkpoints"));
    }

    /// <summary>Deletes a folder's files of those names, then the folder if nothing else is in it.</summary>
    public static void Remove(string folder, params string[] patterns)
    {
        foreach (string pattern in patterns)
            foreach (string file in Entries(folder, f => Directory.EnumerateFiles(f, pattern))) File.Delete(file);
        DeleteIfEmpty(folder);
    }

    public static void DeleteIfEmpty(string folder)
    {
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    private static string[] Entries(string folder, Func<string, IEnumerable<string>> find) => Directory.Exists(folder) ? [.. find(folder)] : [];
}
