using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LoraCollab.Data.Partition;

/// <summary>What a manifest says about one split.</summary>
/// <param name="Documents">how many documents it is made of</param>
/// <param name="Tokens">how many ids</param>
/// <param name="Sha256">of the ids as little-endian 32-bit numbers, lower-case hex</param>
public sealed record SplitSummary(int Documents, int Tokens, string Sha256)
{
    internal static SplitSummary Of(int documents, int[] tokens) => new(documents, tokens.Length, HashOf(tokens));

    public static string HashOf(ReadOnlySpan<int> tokens)
    {
        var bytes = new byte[tokens.Length * 4];
        for (int i = 0; i < tokens.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), tokens[i]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
