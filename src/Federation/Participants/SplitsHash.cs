using System.Security.Cryptography;
using System.Text;

namespace LoraCollab.Federation.Participants;

/// <summary>SHA-256 of who holds what: the manifest's own hashes of every split, shares and categories. Names of folders and files are not in it.</summary>
public static class SplitsHash
{
    /// <summary>Lower-case hexadecimal digits.</summary>
    public static string Of(ClientManifest manifest)
    {
        string text = RunJson.Canonical(new
        {
            manifest.VocabularySize,
            manifest.Distribution,
            manifest.TrustIsReport,
            manifest.Categories,
            Clients = manifest.Clients.Select(c => new { c.Shares, Train = c.Train.Sha256, Trust = c.TrustValidation.Sha256, Report = c.ReportValidation.Sha256 }),
            Reference = manifest.Reference.Sha256,
        });
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
