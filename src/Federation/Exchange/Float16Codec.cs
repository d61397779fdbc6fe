using System.Buffers.Binary;

namespace LoraCollab.Federation.Exchange;

/// <summary>
/// IEEE 754 binary16, rounded to nearest, ties to even: 2 bytes each. |x̂ − x| ≤ max(2⁻¹¹·|x|, 2⁻²⁵); beyond ±65504, its largest number, values
/// are cut to that.
/// </summary>
public sealed class Float16Codec : IUploadCodec
{
    private const float Largest = 65504;

    public bool SendsChange => false;

    public void Encode(Stream stream, ReadOnlySpan<float> values)
    {
        Span<byte> word = stackalloc byte[2];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteHalfLittleEndian(word, (Half)Math.Clamp(value, -Largest, Largest));
            stream.Write(word);
        }
    }

    public void Decode(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int e = 0; e < values.Length; e++) values[e] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * e)..]);
    }
}
