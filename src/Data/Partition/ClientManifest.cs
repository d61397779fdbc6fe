using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoraCollab.Data;

/// <summary>Who holds what: written as manifest.json, so that a run can be described and checked without its text.</summary>
public sealed record ClientManifest
{
    /// <summary>Raised when the same options would give other ids.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required int Version { get; init; }

    /// <summary>The name of the data.</summary>
    public required string Data { get; init; }
    public required string CorpusHash { get; init; }
    public required string TokenizerHash { get; init; }
    public required int VocabularySize { get; init; }

    /// <summary>The name of the distribution, or "own" where the data names its clients.</summary>
    public required string Distribution { get; init; }
    public required ulong Seed { get; init; }

    /// <summary>What stands between documents: see <see cref="DocumentJoiner.Name"/>.</summary>
    public required string JoinedBy { get; init; }

    /// <summary>Trust-validation and report-validation are one text.</summary>
    public required bool TrustIsReport { get; init; }

    /// <summary>Empty where the data has no categories: the Theoretical scheme is then left out.</summary>
    public required IReadOnlyList<string> Categories { get; init; }
    public required IReadOnlyList<ClientSummary> Clients { get; init; }
    public required SplitSummary Reference { get; init; }

    /// <summary>What the model may have seen before; null where no pretraining text was named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PretrainingOverlap? PretrainingOverlap { get; init; }

    public void Save(string path) => AtomicFile.WriteText(path, ToJson());

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <exception cref="UserException">missing, truncated, an unknown or missing key, another version, or shares that do not fit the categories</exception>
    public static ClientManifest Load(string path)
    {
        ClientManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<ClientManifest>(TextFile.Read(path), Json) ?? throw new UserException($"{path}: expected a manifest, found null");
        }
        catch (JsonException e)
        {
            throw new UserException($"{path}: not a manifest of this program: {e.Message}", e);
        }
        if (manifest.Version != CurrentVersion) throw new UserException($"{path}: the manifest has version {manifest.Version}, this program reads {CurrentVersion}; prepare the data anew");
        if (manifest.Clients.FirstOrDefault(c => c.Shares.Count != manifest.Categories.Count) is { } odd)
            throw new UserException($"{path}: client {odd.Id} has {odd.Shares.Count} shares for {manifest.Categories.Count} categories");
        return manifest;
    }
}
