using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace LoraCollab.Report.Runs;

/// <summary>
/// A file that TensorBoard reads: TFRecord frames (length, masked CRC of the length, data, masked CRC of the data; little-endian) of Event messages
/// (tensorflow/core/util/event.proto and framework/summary.proto, scalars only).
/// </summary>
public sealed class EventFile
{
    // Fields of Event, Summary and Summary.Value.
    private const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, Value = 1, Tag = 1, SimpleValue = 2;

    private readonly MemoryStream _file = new();
    private readonly double _wallTime;

    /// <param name="time">The wall time of all events: the logs of a run know steps, not hours.</param>
    public EventFile(DateTime time)
    {
        _wallTime = (time.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
        Write(output =>
        {
            output.WriteTag(FileVersion, WireFormat.WireType.LengthDelimited);
            output.WriteString("brain.Event:2");
        });
    }

    /// <summary>One point of the curve <paramref name="tag"/>.</summary>
    public void Scalar(string tag, long step, double value)
    {
        byte[] point = Message(output =>
        {
            output.WriteTag(Tag, WireFormat.WireType.LengthDelimited);
            output.WriteString(tag);
            output.WriteTag(SimpleValue, WireFormat.WireType.Fixed32);
            output.WriteFloat((float)value);
        });
        byte[] summary = Message(output =>
        {
            output.WriteTag(Value, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(point));
        });
        Write(output =>
        {
            output.WriteTag(Step, WireFormat.WireType.Varint);
            output.WriteInt64(step);
            output.WriteTag(Summary, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(summary));
        });
    }

    /// <summary>Writes the file, which is replaced where it is there; TensorBoard wants "tfevents" in the name.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, _file.WriteTo);

    private void Write(Action<CodedOutputStream> rest)
    {
        byte[] data = Message(output =>
        {
            output.WriteTag(WallTime, WireFormat.WireType.Fixed64);
            output.WriteDouble(_wallTime);
            rest(output);
        });
        Span<byte> length = stackalloc byte[sizeof(ulong)], crc = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        _file.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(crc, MaskedCrc.Of(length));
        _file.Write(crc);
        _file.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(crc, MaskedCrc.Of(data));
        _file.Write(crc);
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true)) write(output);
        return bytes.ToArray();
    }
}

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), and the mask that TFRecord files put over it.</summary>
public static class MaskedCrc
{
    private const uint Mask = 0xa282ead8;

    /// <summary>CRC-32C of bytes: of "123456789" 0xe3069283.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    /// <summary>Rotated right by 15 bits, plus a constant: so that the checksum of data that holds checksums stays good.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Crc32C(bytes), 15) + Mask;
}
