using System.Runtime.InteropServices;

namespace LoraCollab.Federation.Exchange;

/// <summary>Every number as it is: 4 bytes each.</summary>
public sealed class Float32Codec : IUploadCodec
{
    public bool SendsChange => false;

    public void Encode(Stream stream, ReadOnlySpan<float> values) => PayloadBytes.Write(stream, values);

    public void Decode(ReadOnlySpan<byte> bytes, Span<float> values) => bytes.CopyTo(MemoryMarshal.AsBytes(values));
}
