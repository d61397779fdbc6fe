namespace LoraCollab.Federation.Exchange;

/// <summary>
/// How the numbers of an upload become bytes. What others mix, score and evaluate is decoded from these bytes. A new codec is one file here and one line
/// in <see cref="UploadCodecs"/>.
/// </summary>
public interface IUploadCodec
{
    /// <summary>
    /// False: a whole adapter is encoded. True: its change since the last received adapter is, and what the bytes leave out is added to the next change
    /// (error feedback, arXiv:1901.09847).
    /// </summary>
    bool SendsChange { get; }

    /// <summary>Appends the bytes that are sent. All numbers are little-endian.</summary>
    /// <param name="stream">Receives the bytes.</param>
    /// <param name="values">[parameters] in the adapter's flat order, finite.</param>
    void Encode(Stream stream, ReadOnlySpan<float> values);

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="bytes">All bytes of one upload.</param>
    /// <param name="values">[parameters], overwritten.</param>
    void Decode(ReadOnlySpan<byte> bytes, Span<float> values);
}
