using System.Security.Cryptography;

namespace LoraCollab.Data.Tests;

internal static class Ids
{
    private static readonly Lazy<ITokenizer> LazyGpt2 = new(() => Data.Tokenization.Tokenizers.Load(Shared.Path("data", "gpt2-tokenizer")));

    /// <summary>GPT-2's own tokenizer, loaded once for all tests.</summary>
    public static ITokenizer Gpt2 => LazyGpt2.Value;

    /// <summary>SHA-256 (lower-case hex) of the ids as little-endian 16-bit numbers.</summary>
    public static string Sha256(IEnumerable<int> ids)
    {
        var bytes = new List<byte>();
        foreach (int id in ids)
        {
            bytes.Add((byte)id);
            bytes.Add((byte)(id >> 8));
        }
        return Convert.ToHexStringLower(SHA256.HashData([.. bytes]));
    }
}
