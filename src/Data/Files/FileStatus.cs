using System.Runtime.InteropServices;

namespace LoraCollab.Data.Files;

/// <summary>What a path leads to, links followed, without opening it.</summary>
/// <param name="Kind">What is there.</param>
/// <param name="Identity">Equal for two names of one file or folder.</param>
public readonly partial record struct FileStatus(FileKind Kind, string Identity)
{
    private const int CurrentFolder = -100, TypeAndInode = 0x101, PermissionDenied = 1, NotImplemented = 38;

    public static FileStatus Of(string path)
    {
        if (path.Length == 0 || path.Contains('\0')) return new(FileKind.Nothing, path);
        return (OperatingSystem.IsLinux() ? OfLinux(path) : null) ?? OfAttributes(path);
    }

    /// <summary>By the system call that tells kind and inode; null where the kernel or the C library has none.</summary>
    private static FileStatus? OfLinux(string path)
    {
        try
        {
            bool known = StatX(CurrentFolder, path, 0, TypeAndInode, out Status status) == 0;
            if (!known) return Marshal.GetLastPInvokeError() is PermissionDenied or NotImplemented ? null : new(FileKind.Nothing, path);
            return new(KindOf(status.Mode), FormattableString.Invariant($"{status.DeviceMajor}:{status.DeviceMinor}:{status.Inode}"));
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static FileKind KindOf(ushort mode) => (mode >> 12) switch
    {
        1 => FileKind.Pipe,
        4 => FileKind.Folder,
        8 => FileKind.File,
        12 => FileKind.Socket,
        _ => FileKind.Device,
    };

    /// <summary>By what .NET tells on every system: pipes and sockets look like files there, and two hard links like two files.</summary>
    private static FileStatus OfAttributes(string path)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (!info.Exists) return new(FileKind.Nothing, path);
        var kind = info is DirectoryInfo ? FileKind.Folder : info.Attributes.HasFlag(FileAttributes.Device) ? FileKind.Device : FileKind.File;
        try
        {
            return new(kind, Path.TrimEndingDirectorySeparator((info.ResolveLinkTarget(returnFinalTarget: true) ?? info).FullName));
        }
        catch (IOException)
        {
            return new(FileKind.Nothing, path); // a link that never ends
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out Status status);

    /// <summary>The parts of struct statx that are read; it is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}

/// <summary>What a path leads to.</summary>
public enum FileKind
{
    /// <summary>Nothing: there is no such name, or a link that leads nowhere or never ends.</summary>
    Nothing,

    /// <summary>An ordinary file.</summary>
    File,

    Folder,

    /// <summary>A named pipe: whoever opens it waits for somebody to write.</summary>
    Pipe,

    Socket,

    /// <summary>A device, whose bytes may never end.</summary>
    Device,
}
