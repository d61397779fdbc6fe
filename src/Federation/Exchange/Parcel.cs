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

/// <summary>What travels.</summary>
public enum Payload
{
    /// <summary>An adapter: up as its codec encodes it, down float32.</summary>
    Adapter,

    /// <summary>k token ids and k float32 values a position.</summary>
    Predictions,

    /// <summary>One float32 for every model a client evaluated.</summary>
    Losses,

    /// <summary>AdamW's two moments of every number of an adapter, float32.</summary>
    Moments,

    /// <summary>As many numbers as an adapter has, float32.</summary>
    Gradient,

    /// <summary>What corrects a client's weights: other clients' adapters or the correction itself, float32.</summary>
    Correction,
}
