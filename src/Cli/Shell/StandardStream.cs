using System.Runtime.InteropServices;

namespace LoraCollab.Cli.Shell;

/// <summary>
/// Standard output or error as it is: .NET's own stream hides that a pipe's reader has gone, and ends the process where the handle is closed. A handle that was
/// closed from the start takes everything, as /dev/null does.
/// </summary>
/// <param name="handle">1 or 2.</param>
/// <param name="gone">Told once when the reader has gone; what is written afterwards is dropped.</param>
internal sealed partial class StandardStream(int handle, Action? gone) : Stream
{
    private const int Interrupted = 4, BadHandle = 9, BrokenPipe = 32; // EINTR, EBADF, EPIPE

    private static readonly int[] s_tryAgain = [11, 35]; // EAGAIN of Linux and of macOS

    private bool _closed = IsTaken(handle);

    /// <summary>Opens one of the two; on Windows as .NET does.</summary>
    public static Stream Open(int handle, Action? gone) => !OperatingSystem.IsWindows() ? new StandardStream(handle, gone)
        : handle == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError();

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!_closed && buffer.Length > 0)
        {
            nint written = Write(handle, buffer, buffer.Length);
            if (written >= 0) buffer = buffer[(int)written..];
            else Fail(Marshal.GetLastPInvokeError());
        }
    }

    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Fail(int error)
    {
        if (error == Interrupted) return;
        if (s_tryAgain.Contains(error))
        {
            Thread.Sleep(1);
            return;
        }
        // Without standard error there is nobody left to tell of anything.
        _closed = error is BrokenPipe or BadHandle || handle == 2;
        if (!_closed) throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        if (error == BrokenPipe) gone?.Invoke();
    }

    /// <summary>
    /// Where several standard handles were closed, the runtime's first pipe lies in their place: what is written to its one end would come out at its other.
    /// </summary>
    private static bool IsTaken(int handle)
    {
        if (Target(handle) is not { } own || !own.StartsWith("pipe:", StringComparison.Ordinal)) return false;
        return Enumerable.Range(0, handle).Any(lower => Target(lower) == own && Write(lower, [], 0) < 0 && Marshal.GetLastPInvokeError() == BadHandle);
    }

    /// <summary>What a handle stands for, where the system tells.</summary>
    private static string? Target(int handle) => new FileInfo($"/proc/self/fd/{handle}").LinkTarget;

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int handle, ReadOnlySpan<byte> bytes, nint count);
}
