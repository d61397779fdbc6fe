using System.Runtime.InteropServices;

namespace LoraCollab.Federation.Exchange;

/// <summary>From a client's adapter to what others get to see: clipped and noised where that is asked for, encoded, and decoded from the bytes.</summary>
/// <param name="codec">Makes the bytes.</param>
/// <param name="privacy">Clips and adds noise; null: neither.</param>
/// <param name="from">Numbers of an adapter before this one do not travel: everybody has them.</param>
public sealed class UploadChannel(IUploadCodec codec, PrivateChange? privacy = null, int from = 0)
{
    /// <summary>The channel that resolved options ask for.</summary>
    /// <param name="layout">The tensors of an adapter.</param>
    /// <param name="from">Where a tensor begins, before which nothing travels.</param>
    public static UploadChannel Of(CollaborationOptions options, FlatLayout layout, int from = 0)
    {
        var sent = new FlatLayout();
        foreach (var entry in layout.Entries.Where(e => e.Offset >= from)) sent.Add(entry.Name, entry.Shape);
        var privacy = options.DpClip is { } clip ? new PrivateChange(clip, options.DpNoise!.Value, options.Seed) : null;
        return new UploadChannel(UploadCodecs.Parse(options.Upload ?? UploadCodecs.Default, sent), privacy, from);
    }

    /// <summary>An adapter that is not finite is sent whole, as float32: a codec or a clipped norm would hide it.</summary>
    /// <param name="adapter">[parameters]: the client's own.</param>
    /// <param name="received">[parameters]: what it last received, or began with.</param>
    /// <param name="unsent">[numbers that travel]: what its last upload left out; null: nothing.</param>
    /// <param name="client">Whose it is.</param>
    /// <param name="iteration">Steps done.</param>
    public Upload Send(float[] adapter, float[] received, float[]? unsent, int client, int iteration)
    {
        var upload = SendTail(adapter[from..], received[from..], unsent, client, iteration);
        return from == 0 ? upload : upload with { Adapter = [.. adapter[..from], .. upload.Adapter] };
    }

    private Upload SendTail(float[] adapter, float[] received, float[]? unsent, int client, int iteration)
    {
        if (!Array.TrueForAll(adapter, float.IsFinite)) return new Upload(MemoryMarshal.AsBytes<float>(adapter).ToArray(), adapter, unsent);
        if (privacy is null && !codec.SendsChange) return Whole(adapter);
        var change = new double[adapter.Length];
        for (int e = 0; e < change.Length; e++) change[e] = (double)adapter[e] - received[e];
        privacy?.Apply(change, client, iteration);
        if (!codec.SendsChange) return Whole(Sum(received, change));
        var wanted = new float[change.Length];
        for (int e = 0; e < wanted.Length; e++) wanted[e] = (float)(change[e] + (unsent is null ? 0 : unsent[e]));
        var (bytes, sent) = Encode(wanted);
        var left = new float[wanted.Length];
        for (int e = 0; e < left.Length; e++) left[e] = wanted[e] - sent[e];
        return new Upload(bytes, Sum(received, Array.ConvertAll(sent, x => (double)x)), left);
    }

    private Upload Whole(float[] adapter)
    {
        var (bytes, read) = Encode(adapter);
        return new Upload(bytes, read, null);
    }

    private (byte[] Bytes, float[] Read) Encode(float[] values)
    {
        using var stream = new MemoryStream();
        codec.Encode(stream, values);
        byte[] bytes = stream.ToArray();
        var read = new float[values.Length];
        codec.Decode(bytes, read);
        return (bytes, read);
    }

    private static float[] Sum(float[] received, double[] change)
    {
        var sum = new float[received.Length];
        for (int e = 0; e < sum.Length; e++) sum[e] = (float)(received[e] + change[e]);
        return sum;
    }
}

/// <summary>What one client sends in a round.</summary>
/// <param name="Bytes">Exactly what travels.</param>
/// <param name="Adapter">[parameters]: what everybody reads from it.</param>
/// <param name="Unsent">[numbers that travel]: what the bytes left out, for the next time; null where the codec keeps nothing.</param>
public sealed record Upload(byte[] Bytes, float[] Adapter, float[]? Unsent);
