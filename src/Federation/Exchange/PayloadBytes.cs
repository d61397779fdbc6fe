using System.Runtime.InteropServices;

namespace LoraCollab.Federation.Exchange;

/// <summary>Serialises what travels, and counts the bytes.</summary>
internal static class PayloadBytes
{
    /// <summary>float32, little-endian.</summary>
    public static void Write(Stream stream, ReadOnlySpan<float> values)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("payloads are little-endian");
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>How many bytes a writer appends.</summary>
    public static long Count(Action<Stream> write)
    {
        using var counter = new CountingStream();
        write(counter);
        return counter.Length;
    }

    /// <summary>Counts what is written to it, and keeps nothing.</summary>
    private sealed class CountingStream : Stream
    {
        private long _length;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => _length;
        public override long Position { get => _length; set => throw new NotSupportedException(); }
        public override void Write(byte[] buffer, int offset, int count) => _length += count;
        public override void Write(ReadOnlySpan<byte> buffer) => _length += buffer.Length;
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
