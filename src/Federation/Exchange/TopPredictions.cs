using System.Buffers.Binary;

namespace LoraCollab.Federation.Exchange;

/// <summary>
/// What a client sends in scheme 3: for each of P positions its k most likely token ids and one float32 value each. The values are probabilities
/// for the Jensen–Shannon form and raw logits for the L1 forms.
/// </summary>
public sealed class TopPredictions
{
    /// <param name="ids">[P, k] token ids, no id twice at a position.</param>
    /// <param name="values">[P, k] their values.</param>
    /// <param name="k">Values a position.</param>
    /// <param name="vocabulary">V: the tokens there are.</param>
    public TopPredictions(int[] ids, float[] values, int k, int vocabulary)
    {
        if (k < 1 || k > vocabulary) throw new ArgumentOutOfRangeException(nameof(k), k, $"k must be between 1 and the vocabulary's {vocabulary}");
        if (ids.Length != values.Length || ids.Length % k != 0)
            throw new ArgumentException($"{ids.Length} ids and {values.Length} values for k = {k}", nameof(ids));
        (Ids, Values, K, Vocabulary) = (ids, values, k, vocabulary);
    }

    public int[] Ids { get; }

    public float[] Values { get; }

    public int K { get; }

    public int Vocabulary { get; }

    /// <summary>W: the public windows that the positions were chosen from.</summary>
    public int Windows { get; init; } = 1;

    /// <summary>P.</summary>
    public int Positions => Ids.Length / K;

    /// <summary>Writes all ids, then all values, little-endian: the bytes that are sent.</summary>
    public void Write(Stream stream)
    {
        Span<byte> word = stackalloc byte[4];
        foreach (int id in Ids)
        {
            BinaryPrimitives.WriteInt32LittleEndian(word, id);
            stream.Write(word);
        }
        foreach (float value in Values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(word, value);
            stream.Write(word);
        }
    }
}
