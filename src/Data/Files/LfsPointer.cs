namespace LoraCollab.Data.Files;

/// <summary>The few lines of text that Git LFS leaves in place of a large file until it is fetched.</summary>
public static class LfsPointer
{
    internal static ReadOnlySpan<byte> Beginning => "version https://git-lfs.github.com/spec/"u8;

    /// <summary>Refuses a file that begins as a pointer does.</summary>
    /// <param name="path">For the message.</param>
    /// <param name="bytes">The file's beginning, or all of it.</param>
    /// <exception cref="UserException">It is one.</exception>
    public static void Refuse(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Beginning)) throw new UserException($"{path}: a Git LFS pointer in place of the file itself; fetch it with: git lfs pull");
    }
}
