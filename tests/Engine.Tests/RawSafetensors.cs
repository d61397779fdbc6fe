using System.Buffers.Binary;
using System.Text;

namespace LoraCollab.Engine.Tests;

/// <summary>Safetensors files byte by byte, the damaged ones too.</summary>
internal static class RawSafetensors
{
    public static void Write(string path, string header, byte[] data, long? claimedLength = null)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, claimedLength ?? text.Length);
        File.WriteAllBytes(path, [.. length, .. text, .. data]);
    }

    public static byte[] Encode(float[] values, string type) => type switch
    {
        "F64" => [.. values.SelectMany(x => BitConverter.GetBytes((double)x))],
        "F32" => [.. values.SelectMany(BitConverter.GetBytes)],
        "F16" => [.. values.SelectMany(x => BitConverter.GetBytes((Half)x))],
        _ => [.. values.SelectMany(x => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(x) >> 16)))],
    };
}
