namespace LoraCollab.Data.Files;

/// <summary>Files that can be read from beginning to end: a pipe, a socket or a device is refused unopened, since opening alone may never return.</summary>
public static class OrdinaryFile
{
    /// <exception cref="UserException">There is no such file, or what is there is none.</exception>
    public static void Require(string path)
    {
        switch (FileStatus.Of(path).Kind)
        {
            case FileKind.File: return;
            case FileKind.Folder: throw new UserException($"{path}: expected a file, found a folder");
            case FileKind.Nothing: throw new UserException($"{path}: there is no such file{(IsLink(path) ? ": it is a link that leads nowhere" : "")}");
            case var kind: throw new UserException($"{path}: expected an ordinary file, found a {Name(kind)}; write what it gives into a file first");
        }
    }

    /// <summary>The whole content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">More bytes than these are refused.</param>
    /// <exception cref="UserException">As <see cref="Require"/>; it cannot be read, or is too large.</exception>
    public static byte[] ReadAllBytes(string path, long most)
    {
        Require(path);
        try
        {
            long length = new FileInfo(path).Length;
            if (length > most) throw new UserException($"{path}: {length:N0} bytes are more than the {most:N0} that one text file may have; split it");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static bool IsLink(string path) => !path.Contains('\0') && new FileInfo(path).LinkTarget is not null;

    private static string Name(FileKind kind) => kind switch
    {
        FileKind.Pipe => "named pipe",
        FileKind.Socket => "socket",
        _ => "device",
    };
}
