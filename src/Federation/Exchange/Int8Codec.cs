using System.Buffers.Binary;

namespace LoraCollab.Federation.Exchange;

/// <summary>
/// Whole numbers from −127 to 127 with one float32 scale for each row of A [r, in] and of B [out, r]: s = max|x| / 127 of the row, q = round(x / s), ties
/// to even, x̂ = q·s, so that
/// |x̂ − x| ≤ s/2. 4 bytes a row and one a number; a row of B has only r numbers, and its scale may be most of it.
/// </summary>
/// <param name="layout">The tensors of an adapter; a row is the last axis.</param>
public sealed class Int8Codec(FlatLayout layout) : IUploadCodec
{
    private const int Most = 127;

    public bool SendsChange => false;

    public void Encode(Stream stream, ReadOnlySpan<float> values)
    {
        Span<byte> word = stackalloc byte[4];
        foreach (var (offset, length) in Rows())
        {
            var row = values.Slice(offset, length);
            float scale = Scale(row);
            BinaryPrimitives.WriteSingleLittleEndian(word, scale);
            stream.Write(word);
            foreach (float value in row) stream.WriteByte((byte)Quantise(value, scale));
        }
    }

    public void Decode(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        int at = 0;
        foreach (var (offset, length) in Rows())
        {
            float scale = BinaryPrimitives.ReadSingleLittleEndian(bytes[at..]);
            at += 4;
            for (int e = 0; e < length; e++) values[offset + e] = (sbyte)bytes[at++] * scale;
        }
    }

    private static float Scale(ReadOnlySpan<float> row)
    {
        float largest = 0;
        foreach (float value in row) largest = Math.Max(largest, Math.Abs(value));
        return largest / Most;
    }

    private static sbyte Quantise(float value, float scale) =>
        scale == 0 ? (sbyte)0 : (sbyte)Math.Clamp(Math.Round((double)value / scale, MidpointRounding.ToEven), -Most, Most);

    private IEnumerable<(int Offset, int Length)> Rows()
    {
        foreach (var entry in layout.Entries)
        {
            int length = entry.Shape[^1];
            for (long offset = entry.Offset; offset < entry.Offset + entry.Length; offset += length) yield return (checked((int)offset), length);
        }
    }
}
