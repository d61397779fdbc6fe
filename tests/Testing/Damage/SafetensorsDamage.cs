using System.Buffers.Binary;

namespace LoraCollab.Testing.Damage;

/// <summary>A safetensors file whose header or numbers are wrong, mostly with a length that fits.</summary>
internal static class SafetensorsDamage
{
    private static readonly float[] s_numbers = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -1, 1e-45f, 0];

    public static byte[] Of(byte[] file, Random random)
    {
        if (file.Length < 16) return ByteDamage.Of(file, file, random);
        long claimed = BinaryPrimitives.ReadInt64LittleEndian(file);
        int length = (int)Math.Clamp(claimed, 0, file.Length - 8);
        byte[] header = file[8..(8 + length)], data = file[(8 + length)..];
        switch (random.Next(8))
        {
            case 0:
                return Whole(header, data, random.Any([-1, 0, 1, 2, length - 1, length + 1, file.Length, 1L << 31, long.MaxValue, 100_000_000,
                    claimed ^ (1L << random.Next(63))]));
            case 1 when data.Length >= 4:
                BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(random.Next(data.Length / 4) * 4), random.Any(s_numbers));
                return Whole(header, data, length);
            case 2:
                return Whole(header, ByteDamage.Of(data, data, random), length);
            default:
                byte[] damaged = JsonDamage.Of(header, random);
                return Whole(damaged, data, damaged.Length);
        }
    }

    private static byte[] Whole(byte[] header, byte[] data, long length)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length);
        return [.. prefix, .. header, .. data];
    }
}
