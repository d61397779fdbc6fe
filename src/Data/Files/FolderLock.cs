namespace LoraCollab.Data;

/// <summary>Holds a folder for one process at a time, by a locked file in it. The operating system lets go when the process dies; the file may stay and does no harm.</summary>
public sealed class FolderLock : IDisposable
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "lock";

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Locks a folder, which is made where there is none.</summary>
    /// <exception cref="UserException">Another process holds it, or the folder cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        string name = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            return new FolderLock(new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException e) when (File.Exists(name))
        {
            throw new UserException($"{folder}: another process is writing into this folder; wait for it, or choose another folder", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{folder}: the folder cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
