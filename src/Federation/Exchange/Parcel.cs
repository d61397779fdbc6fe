namespace LoraCollab.Federation.Exchange;

/// <summary>One thing that travels, as the bytes it takes.</summary>
/// <param name="payload">What it is.</param>
/// <param name="write">Appends its bytes to a stream.</param>
public sealed class Parcel(Payload payload, Action<Stream> write)
{
    private long? _length;

    public Payload Payload => payload;

    /// <summary>How many bytes <see cref="Write"/> appends.</summary>
    public long Length => _length ??= PayloadBytes.Count(write);

    /// <summary>Appends exactly what is sent.</summary>
    public void Write(Stream stream) => write(stream);
}
