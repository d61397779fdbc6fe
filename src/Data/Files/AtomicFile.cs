using System.Text;
using System.Text.RegularExpressions;

namespace LoraCollab.Data.Files;

/// <summary>Writes a file under a temporary name beside its target and renames it, so that a reader never sees half a file.</summary>
public static partial class AtomicFile
{
    /// <exception cref="UserException">The folder cannot be made or written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            Disk.MakeFolder(folder);
            try
            {
                Disk.Before(DiskStep.Write, temporary);
                using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
                {
                    write(stream);
                    Disk.Before(DiskStep.Flush, temporary);
                    stream.Flush(flushToDisk: true);
                }
                Disk.Rename(temporary, path);
                Disk.FlushNames(folder);
            }
            finally
            {
                Disk.Delete(temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be written: {e.Message}", e);
        }
    }

    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// True for a name that <see cref="Write"/> gives a file while it is being written: after a kill such a file is left over, and of no use.
    /// </summary>
    public static bool IsTemporary(string path) => TemporaryName().IsMatch(Path.GetFileName(path));

    /// <summary>
    /// Deletes what killed processes have left over in a folder and below it, but for folders with a lock of their own. Only for whoever has locked the folder.
    /// </summary>
    public static void Sweep(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (string file in Directory.EnumerateFiles(folder, "*.tmp").Where(IsTemporary).ToArray()) Disk.Delete(file);
        foreach (var below in new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.LinkTarget is null))
            if (!File.Exists(Path.Combine(below.FullName, FolderLock.FileName))) Sweep(below.FullName);
    }

    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp$")]
    private static partial Regex TemporaryName();
}
