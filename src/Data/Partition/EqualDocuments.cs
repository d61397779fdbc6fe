using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LoraCollab.Data.Partition;

/// <summary>Documents that are one text: equal but for white space at their ends and the form of line ends. No two of them may be in two splits.</summary>
internal static class EqualDocuments
{
    /// <summary>
    /// [documents]: true of all but one of those that are equal. The one that stays is the first; but what is named for one split goes before what may
    /// serve any.
    /// </summary>
    public static bool[] Repeated(IReadOnlyList<Document> documents)
    {
        var seen = new HashSet<UInt128>();
        var repeated = new bool[documents.Count];
        foreach (int d in Enumerable.Range(0, documents.Count).OrderBy(d => Rank(documents[d]))) repeated[d] = !seen.Add(HashOf(documents[d].Text));
        return repeated;
    }

    /// <summary>Half of the SHA-256 of the text.</summary>
    public static UInt128 HashOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (text.Contains('\r')) text = text.ReplaceLineEndings("\n");
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan().Trim()), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static int Rank(Document document) => document.Part switch
    {
        DocumentPart.Report => 0,
        DocumentPart.Trust => 1,
        _ => document.IsPublic ? 2 : 3,
    };
}
