using System.Numerics;

namespace LoraCollab.Report.TensorBoard;

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
