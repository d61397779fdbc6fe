using System.Text;
using System.Text.RegularExpressions;

namespace LoraCollab.Data;

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
            Directory.CreateDirectory(folder);
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

    /// <summary>True for a name that <see cref="Write"/> gives a file while it is being written: after a kill such a file is left over, and of no use.</summary>
    public static bool IsTemporary(string path) => TemporaryName().IsMatch(Path.GetFileName(path));

    /// <summary>Deletes what killed processes have left over in a folder and below it. Only for whoever has locked the folder.</summary>
    public static void Sweep(string folder)
    {
        if (!Directory.Exists(folder)) return;
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (string file in Directory.EnumerateFiles(folder, "*.tmp", all).Where(IsTemporary).ToArray()) Disk.Delete(file);
    }

    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp$")]
    private static partial Regex TemporaryName();
}
