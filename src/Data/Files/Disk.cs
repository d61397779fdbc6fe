using System.Runtime.InteropServices;

namespace LoraCollab.Data.Files;

/// <summary>What is about to happen to a file or folder.</summary>
public enum DiskStep
{
    /// <summary>A file or folder is made, or a file written from its start.</summary>
    Write,

    /// <summary>Bytes are added to the end of a file.</summary>
    Append,

    /// <summary>The end of a file is cut off.</summary>
    Cut,

    /// <summary>A file, or the names in a folder, are forced to the disk.</summary>
    Flush,

    /// <summary>A file takes another's name.</summary>
    Rename,

    /// <summary>A file or an empty folder is deleted.</summary>
    Delete,
}

/// <summary>
/// The steps by which files change. Whatever a kill must not damage is written through here, so that a test can name every moment
/// at which a process can die, and die at each.
/// </summary>
public static partial class Disk
{
    private static readonly AsyncLocal<Action<DiskStep, string>?> s_observer = new();

    /// <summary>
    /// Told before each step of the present flow of execution, with the path; what it throws stands for the death of the process at that moment.
    /// </summary>
    internal static Action<DiskStep, string>? Observer
    {
        get => s_observer.Value;
        set => s_observer.Value = value;
    }

    /// <summary>Tells the observer of a step that the caller is about to take itself.</summary>
    public static void Before(DiskStep step, string path) => s_observer.Value?.Invoke(step, path);

    /// <summary>Makes a folder and those above it where they are missing, and forces their names to the disk.</summary>
    public static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        string? above = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (above is not null) MakeFolder(above);
        Before(DiskStep.Write, folder);
        Directory.CreateDirectory(folder);
        if (above is not null) FlushNames(above);
    }

    /// <summary>Adds bytes to the end of a file, which is made where there is none.</summary>
    public static void Append(string path, ReadOnlySpan<byte> bytes)
    {
        Before(DiskStep.Append, path);
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        stream.Write(bytes);
    }

    /// <summary>Drops everything after the first <paramref name="length"/> bytes.</summary>
    public static void Cut(string path, long length)
    {
        Before(DiskStep.Cut, path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read);
        stream.SetLength(length);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Forces what a file holds to the disk; nothing where there is no such file.</summary>
    public static void Flush(string path)
    {
        if (!File.Exists(path)) return;
        Before(DiskStep.Flush, path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Gives a file the name of another, which it replaces where it is there.</summary>
    public static void Rename(string path, string target)
    {
        Before(DiskStep.Rename, target);
        File.Move(path, target, overwrite: true);
    }

    /// <summary>Deletes a file, if it is there.</summary>
    public static void Delete(string path)
    {
        if (!File.Exists(path)) return;
        Before(DiskStep.Delete, path);
        File.Delete(path);
    }

    /// <summary>Deletes a folder, if it is there and empty.</summary>
    public static void DeleteIfEmpty(string folder)
    {
        if (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any()) return;
        Before(DiskStep.Delete, folder);
        Directory.Delete(folder);
    }

    /// <summary>Forces the names in a folder to the disk, so that a renamed file keeps its new name through a power cut. Windows does so by itself.</summary>
    public static void FlushNames(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        Before(DiskStep.Flush, folder);
        int handle = Open(folder, 0);
        if (handle < 0) return; // a file system that does not open folders has nothing to force
        _ = FSync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
