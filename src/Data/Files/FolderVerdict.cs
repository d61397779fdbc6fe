namespace LoraCollab.Data.Files;

/// <summary>Whether a folder still holds what was written into it.</summary>
/// <param name="What">What the folder is: "a finished run of collab".</param>
/// <param name="Checked">Files that were compared with the hashes of what was written.</param>
/// <param name="Faults">Files below the folder that are not as they were written, and what is wrong with each.</param>
/// <param name="Notes">What the user should know beside that, such as what could not be checked.</param>
public sealed record FolderVerdict(string What, int Checked, IReadOnlyList<(string File, string Fault)> Faults, IReadOnlyList<string> Notes)
{
    /// <summary>The verdict on a finished folder by its hashes.json; null where it has none, as folders of earlier versions.</summary>
    /// <param name="what">What the folder is.</param>
    /// <param name="root">The folder.</param>
    public static FolderVerdict? OfHashes(string what, string root)
    {
        try
        {
            return FileHashes.Load(root) is { } hashes ? new FolderVerdict(what, hashes.Files.Count, [.. hashes.Faults(root)], []) : null;
        }
        catch (UserException e)
        {
            return new FolderVerdict(what, 0,
                [(FileHashes.FileName, Below(root, FileHashes.FileName, e))],
                ["without its hashes no other file can be checked"]);
        }
    }

    /// <summary>An error's message without the path of its file, which is named beside it.</summary>
    public static string Below(string root, string name, UserException error)
    {
        string prefix = Path.Combine(root, name) + ": ";
        return error.Message.StartsWith(prefix, StringComparison.Ordinal) ? error.Message[prefix.Length..] : error.Message;
    }
}
