using System.Security.Cryptography;
using System.Text;

namespace LoraCollab.Data.Generated;

/// <summary>SHA-256 of a corpus' category names and documents, each preceded by its category and length, so that no two corpora read alike.</summary>
internal static class CorpusHash
{
    public static string Of(ICorpus corpus)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(FormattableString.Invariant($"{corpus.Categories.Count} {corpus.Documents.Count}\n"));
        foreach (string category in corpus.Categories) Append(category + "\n");
        foreach (var document in corpus.Documents)
            Append(FormattableString.Invariant($"{document.Category} {document.Text.Length}\n{document.Text}"));
        return Convert.ToHexStringLower(sha.GetHashAndReset());

        void Append(string text) => sha.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
