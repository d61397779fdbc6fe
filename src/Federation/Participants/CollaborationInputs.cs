using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LoraCollab.Federation.Participants;

/// <summary>What a run works on.</summary>
/// <param name="ModelName">The base model's name or its folder's, as results and adapters will refer to it: no path.</param>
/// <param name="Weights">The base model.</param>
/// <param name="Data">Who holds what.</param>
/// <param name="Backend">Where it computes; stays the caller's.</param>
public sealed record CollaborationInputs(string ModelName, IWeights Weights, FederatedData Data, ComputeBackend Backend)
{
    private string? _modelHash;

    /// <summary>The adapter that every client starts from; null: a fresh one.</summary>
    public PeftAdapter? Start { get; init; }

    /// <summary>
    /// SHA-256 of the model: its configuration, then every tensor's name and float32 values in the order of its layout; where it is not given, the weights are
    /// read once to compute it. Lower-case hexadecimal digits.
    /// </summary>
    public string ModelHash
    {
        get => _modelHash ??= HashOf(Weights);
        init => _modelHash = value;
    }

    /// <summary>
    /// SHA-256 of who holds what: the manifest's own hashes of every split, shares and categories. Names of folders and files are not in it. Lower-case
    /// hexadecimal digits.
    /// </summary>
    public string DataHash()
    {
        var manifest = Data.Manifest;
        string text = RunJson.Canonical(new
        {
            manifest.VocabularySize,
            manifest.Distribution,
            manifest.TrustIsReport,
            manifest.Categories,
            Clients = manifest.Clients.Select(c =>
                new { c.Shares, Train = c.Train.Sha256, Trust = c.TrustValidation.Sha256, Report = c.ReportValidation.Sha256 }),
            Reference = manifest.Reference.Sha256,
        });
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string HashOf(IWeights weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(RunJson.Canonical(weights.Config)));
        var layout = weights.Config.Layout();
        var buffer = new float[layout.Entries.Max(e => e.Length)];
        foreach (var entry in layout.Entries)
        {
            var values = buffer.AsSpan(0, (int)entry.Length);
            weights.Read(entry.Name, values);
            hash.AppendData(Encoding.UTF8.GetBytes(entry.Name));
            hash.AppendData(MemoryMarshal.AsBytes(values));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
