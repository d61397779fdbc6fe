using System.Buffers.Binary;
using System.Globalization;

namespace LoraCollab.Federation.Exchange;

/// <summary>
/// The k numbers of a change that are largest in absolute value, k = ⌈share · parameters⌉, of equal ones the first: 4 bytes of index and 4 of float32
/// value each, by ascending index.
/// All others are read as zero and wait for the next upload. More than half of the numbers cost more than float32 does.
/// </summary>
/// <param name="share">Above 0, at most 1.</param>
public sealed class TopKCodec(double share) : IUploadCodec
{
    /// <summary>0.1 of 30 numbers are 3, though 0.1 · 30 is a little above it.</summary>
    private const double RoundingSlack = 1e-9;

    public bool SendsChange => true;

    public void Encode(Stream stream, ReadOnlySpan<float> values)
    {
        int k = Math.Max(1, (int)Math.Ceiling(share * values.Length - RoundingSlack));
        var sizes = new float[values.Length];
        var order = new int[values.Length];
        for (int e = 0; e < values.Length; e++) (sizes[e], order[e]) = (Math.Abs(values[e]), e);
        Array.Sort(order, (a, b) => sizes[a] != sizes[b] ? sizes[b].CompareTo(sizes[a]) : a.CompareTo(b));
        Array.Sort(order, 0, k);
        Span<byte> pair = stackalloc byte[8];
        foreach (int e in order.AsSpan(0, k))
        {
            BinaryPrimitives.WriteInt32LittleEndian(pair, e);
            BinaryPrimitives.WriteSingleLittleEndian(pair[4..], values[e]);
            stream.Write(pair);
        }
    }

    public void Decode(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        values.Clear();
        for (int at = 0; at < bytes.Length; at += 8)
            values[BinaryPrimitives.ReadInt32LittleEndian(bytes[at..])] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(at + 4)..]);
    }

    /// <summary>The share that a text names; null where it is no number above 0 and at most 1.</summary>
    internal static double? ShareOf(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double share)
            && share is > 0 and <= 1 ? share : null;
}
