using Microsoft.Win32.SafeHandles;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>Reads a tensor's bytes from their place in a file.</summary>
internal static class ExactRead
{
    /// <summary>Fills the whole destination from a position on.</summary>
    /// <exception cref="UserException">The file cannot be read, or ends before.</exception>
    public static void Fill(SafeFileHandle handle, string path, string tensor, Span<byte> destination, long position)
    {
        while (destination.Length > 0)
        {
            int read;
            try
            {
                read = RandomAccess.Read(handle, destination, position);
            }
            catch (IOException e)
            {
                throw new UserException($"{path}: tensor {tensor} cannot be read: {e.Message}", e);
            }
            if (read == 0) throw new UserException($"{path}: the file ends inside tensor {tensor}");
            destination = destination[read..];
            position += read;
        }
    }
}
