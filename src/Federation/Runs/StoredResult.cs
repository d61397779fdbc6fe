using System.Text;

namespace LoraCollab.Federation.Runs;

/// <summary>
/// The files of a finished run, and hashes.json, which says what they held when they were written. Folders of earlier versions have none: their files are
/// taken as they are.
/// </summary>
public static class StoredResult
{
    /// <summary>Stores a run's result: first what its files hold, then summary.json, which alone says that the run is done.</summary>
    internal static void Write(RunFolder folder, CollaborationOptions options, RunSummary summary)
    {
        string text = summary.ToJson();
        var hashes = new FileHashes();
        foreach (string log in RunFolder.Logs) Disk.Flush(folder.Log(log).Path);
        foreach (string file in RunFiles.OfResult(folder.Root, options, summary.Clients)) hashes.Add(folder.Root, file);
        // What was hashed when it was written keeps that hash: damage since then is not made good by hashing it again.
        foreach (var (name, hash) in folder.Hashes.Files)
            if (hashes.Files.ContainsKey(name)) hashes.Add(name, hash);
        hashes.Add(RunFiles.Summary, FileHash.Of(Encoding.UTF8.GetBytes(text)));
        hashes.Save(folder.Root);
        AtomicFile.WriteText(Path.Combine(folder.Root, RunFiles.Summary), text);
    }

    /// <summary>Refuses a finished run of which a file is not what it was when it was written.</summary>
    /// <param name="root">The run folder.</param>
    /// <param name="names">Files by their paths below it; none: all of them.</param>
    /// <exception cref="UserException">The first of them that is damaged.</exception>
    public static void Require(string root, params string[] names)
    {
        if (FileHashes.Load(root) is not { } hashes) return;
        var asked = names.Length == 0 ? hashes : hashes.Only(names);
        foreach (var (name, fault) in asked.Faults(root))
            throw new UserException($"{Path.Combine(root, name)}: {fault}") { Remedy = Remedy.PutBackOrBeginAnew };
    }

    /// <summary>
    /// True where a finished run has a file that was added to its result later. One without a hash is of no use, since a kill may have come between the two.
    /// </summary>
    /// <exception cref="UserException">The file is damaged.</exception>
    internal static bool Holds(string root, string name)
    {
        Require(root, name);
        return File.Exists(Path.Combine(root, name)) && (FileHashes.Load(root) is not { } hashes || hashes.Files.ContainsKey(name));
    }

    /// <summary>Adds a file to a finished run, or replaces it. While it is written hashes.json does not name it, so that a kill leaves no wrong hash.</summary>
    /// <exception cref="UserException">The folder cannot be written, or another process is writing into it.</exception>
    public static void Add(string root, string name, string text)
    {
        using var held = FolderLock.Take(root);
        var hashes = FileHashes.Load(root);
        if (hashes?.Files.ContainsKey(name) ?? false)
        {
            hashes.Remove(root, Path.Combine(root, name));
            hashes.Save(root);
        }
        AtomicFile.WriteText(Path.Combine(root, name), text);
        hashes?.Add(root, Path.Combine(root, name));
        hashes?.Save(root);
    }
}
