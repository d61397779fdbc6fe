namespace LoraCollab.Data.Files;

/// <summary>Whether a folder can be made and written, found out before the work whose result goes there.</summary>
public static class WritableFolder
{
    /// <summary>Makes the folder and a file in it, and takes both away again.</summary>
    /// <exception cref="UserException">It cannot be made or written.</exception>
    public static void Require(string path)
    {
        string[] missing = [.. Missing(path)];
        try
        {
            Directory.CreateDirectory(path);
            string file = Path.Combine(path, $".{Guid.NewGuid():N}.tmp");
            using (new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException("out", path, $"the folder cannot be written: {e.Message}", e);
        }
        finally
        {
            foreach (string folder in missing.Where(Directory.Exists)) Directory.Delete(folder);
        }
    }

    /// <summary>Of the folder and those above it, those that are not there, from the inside out.</summary>
    public static IEnumerable<string> Missing(string path)
    {
        string? folder = Path.GetFullPath(path);
        for (; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)))
            yield return folder;
    }
}
