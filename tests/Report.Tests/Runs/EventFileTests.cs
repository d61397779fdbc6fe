using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;

namespace LoraCollab.Report.Tests;

public sealed class EventFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The vectors of RFC 3720, appendix B.4, and the check value of the Castagnoli polynomial.</summary>
    [Fact]
    public void Crc32C_OfPublishedVectors_IsAsPublished()
    {
        byte[] ascending = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        Assert.Equal(0xe3069283u, MaskedCrc.Crc32C("123456789"u8));
        Assert.Equal(0x8a9136aau, MaskedCrc.Crc32C(new byte[32]));
        Assert.Equal(0x62a8ab43u, MaskedCrc.Crc32C(Enumerable.Repeat((byte)0xff, 32).ToArray()));
        Assert.Equal(0x46dd794eu, MaskedCrc.Crc32C(ascending));
        Assert.Equal(0x113fdb5cu, MaskedCrc.Crc32C(ascending.Reverse().ToArray()));
    }

    /// <summary>Every event file of TensorFlow begins with these bytes: a first record of 24 bytes.</summary>
    [Fact]
    public void File_ItsFirstBytes_AreThoseOfEveryEventFile()
    {
        string path = _folder.At("events.out.tfevents.0.test");
        new EventFile(DateTime.UnixEpoch).Save(path);
        Assert.Equal([0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22, 0x09], File.ReadAllBytes(path)[..13]);
    }

    [Fact]
    public void File_ReadBack_HoldsTheScalars()
    {
        string path = _folder.At("events.out.tfevents.0.test");
        var file = new EventFile(DateTime.UnixEpoch.AddSeconds(1.5));
        file.Scalar("loss/mean", 20, 1.25);
        file.Scalar("trust/entropy", 1L << 40, -3);
        file.Save(path);
        var events = Records(File.ReadAllBytes(path)).Select(Fields).ToArray();
        Assert.Equal(3, events.Length);
        Assert.Equal("brain.Event:2", Encoding.UTF8.GetString((byte[])events[0][3]));
        Assert.All(events, e => Assert.Equal(1.5, BitConverter.UInt64BitsToDouble((ulong)e[1])));
        AssertScalar(events[1], 20, "loss/mean", 1.25f);
        AssertScalar(events[2], 1L << 40, "trust/entropy", -3);
    }

    private static void AssertScalar(Dictionary<int, object> e, long step, string tag, float value)
    {
        Assert.Equal((ulong)step, e[2]);
        var point = Fields((byte[])Fields((byte[])e[5])[1]);
        Assert.Equal(tag, Encoding.UTF8.GetString((byte[])point[1]));
        Assert.Equal(value, BitConverter.UInt32BitsToSingle((uint)point[2]));
    }

    /// <summary>The frames of a TFRecord file, both checksums of each compared with a bitwise CRC.</summary>
    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file[at..(at + 8)]), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            byte[] data = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            at += 16 + length;
            yield return data;
        }
    }

    private static uint Masked(byte[] data)
    {
        uint crc = 0xffffffff;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    /// <summary>A protobuf message by field number.</summary>
    private static Dictionary<int, object> Fields(byte[] message)
    {
        var fields = new Dictionary<int, object>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
            fields[WireFormat.GetTagFieldNumber(tag)] = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => input.ReadFixed32(),
                _ => input.ReadBytes().ToByteArray(),
            };
        return fields;
    }
}
