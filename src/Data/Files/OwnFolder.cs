namespace LoraCollab.Data.Files;

/// <summary>A folder that somebody else may have packed: links in it can lead anywhere, so nothing is read or written through one that leads out.</summary>
public static class OwnFolder
{
    /// <summary>
    /// Refuses a path below a folder where a link on the way leads out of the folder; the folder itself may be a link. What is not there is no link.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="parts">Names below it, from the outside in.</param>
    /// <exception cref="UserException">There is such a link, or one without an end.</exception>
    public static void RequireInside(string folder, params string[] parts)
    {
        string path = folder;
        foreach (string part in parts)
        {
            path = Path.Combine(path, part);
            FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (entry.LinkTarget is null) continue;
            if (!IsBelow(End(entry), End(new DirectoryInfo(folder))))
                throw new UserException($"{path}: a link that leads out of {folder}; put the file or folder itself in its place");
        }
    }

    /// <summary>Where a file or folder really is; null for a link without an end.</summary>
    private static string? End(FileSystemInfo entry)
    {
        try
        {
            return (entry.ResolveLinkTarget(returnFinalTarget: true) ?? entry).FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsBelow(string? path, string? folder) =>
        path is not null && folder is not null
            && path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
