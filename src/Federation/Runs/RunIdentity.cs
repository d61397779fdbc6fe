using System.Security.Cryptography;
using System.Text;

namespace LoraCollab.Federation.Runs;

/// <summary>
/// Everything that can change a result, written as config.json; its hash names the run. Threads, output folder and checkpoint interval change nothing
/// and are not in it. The backend is: its sums are rounded in its own way.
/// </summary>
public sealed record RunIdentity
{
    /// <summary>Raised when the same configuration would give other numbers: version 2 sums adapter gradients in chains and has rational GELUs.</summary>
    public const int CurrentResultVersion = 2;

    private const int IdLength = 12;

    public int ResultVersion { get; init; } = CurrentResultVersion;

    /// <summary>Resolved options.</summary>
    public required CollaborationOptions Options { get; init; }

    /// <summary>Hash of all clients' tokens, splits and shares.</summary>
    public required string DataHash { get; init; }

    public required string TokenizerHash { get; init; }

    /// <summary>Hash of the base model's configuration and weights.</summary>
    public required string ModelHash { get; init; }

    public required BackendKind Backend { get; init; }

    /// <summary>The first 12 hexadecimal digits of the SHA-256 of the canonical JSON of all of the above.</summary>
    public string Id() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RunJson.Canonical(this))))[..IdLength];
}
