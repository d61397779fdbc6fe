namespace LoraCollab.Data.Files;

/// <summary>
/// Holds a folder for one process at a time, by a locked file in it. The operating system lets go when the process dies; the file may stay and does no harm.
/// </summary>
public sealed class FolderLock : IDisposable
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "lock";

    private readonly FileStream _file;

    private readonly string[] _made;

    private FolderLock(FileStream file, string[] made) => (_file, _made) = (file, made);

    /// <summary>Locks a folder, which is made where there is none; what was made for it and is still empty at the end is taken away again.</summary>
    /// <exception cref="UserException">Another process holds it, or the folder cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        string name = Path.Combine(folder, FileName);
        try
        {
            string[] made = [.. WritableFolder.Missing(folder)];
            Directory.CreateDirectory(folder);
            while (true)
            {
                var file = new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
                if (IsAt(name, file)) return new FolderLock(file, made);
                file.Dispose();
            }
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

    public void Dispose()
    {
        // Where open files can be deleted, the name goes while the lock is held: nobody can lock a file that is about to lose its name and believe it stands
        // there.
        if (!OperatingSystem.IsWindows()) File.Delete(_file.Name);
        _file.Dispose();
        if (OperatingSystem.IsWindows()) File.Delete(_file.Name);
        foreach (string folder in _made) Disk.DeleteIfEmpty(folder);
    }

    /// <summary>
    /// False where the former holder deleted the name between our opening and our locking of the file: then the next process would lock another.
    /// A time of its own, given to the open file, tells whether the name still means this file.
    /// </summary>
    private static bool IsAt(string name, FileStream file)
    {
        if (OperatingSystem.IsWindows()) return true;
        File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UnixEpoch.AddTicks(Random.Shared.NextInt64(1L << 56)));
        return File.Exists(name) && File.GetLastWriteTimeUtc(name) == File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }
}
