using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoraCollab.Data.Partition;

/// <summary>Who holds what: written as manifest.json, so that a run can be described and checked without its text.</summary>
public sealed record ClientManifest
{
    /// <summary>Raised when the same options would give other ids.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Json = OwnJson.Strict(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

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

    /// <summary>Documents that were dealt to nobody, since an equal one was dealt; null where there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Duplicates { get; init; }

    /// <summary>What was left out where the data was read, and how often; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? LeftOut { get; init; }

    /// <summary>Texts in which broken characters became U+FFFD; null where there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Mended { get; init; }

    public void Save(string path) => AtomicFile.WriteText(path, ToJson());

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>The same with names as tables and pictures show them: whoever wrote them.</summary>
    public ClientManifest Named() => this with
    {
        Data = ForeignText.Name(Data),
        Distribution = ForeignText.Name(Distribution),
        Categories = [.. Categories.Select(ForeignText.Name)],
        Clients = [.. Clients.Select(c => c with { Name = ForeignText.Name(c.Name) })],
        PretrainingOverlap = PretrainingOverlap?.Named(),
    };

    /// <exception cref="UserException">missing, truncated, an unknown or missing key, another version, or clients, shares or sizes that contradict each
    /// other</exception>
    public static ClientManifest Load(string path)
    {
        var manifest = OwnJson.Parse<ClientManifest>(path, "a manifest of this program", TextFile.Read(path), Json);
        if (manifest.Version != CurrentVersion)
            throw new UserException(
                $"{path}: the manifest has version {manifest.Version}, this program reads {CurrentVersion}; prepare the data anew");
        if (manifest.Fault() is { } fault) throw new UserException($"{path}: {fault}; prepare the data anew");
        return manifest;
    }

    /// <summary>What contradicts itself; null where nothing does.</summary>
    private string? Fault()
    {
        if (Clients.Count == 0) return $"there is no client in it";
        if (VocabularySize < 1) return $"vocabulary_size is {VocabularySize}";
        if (PretrainingOverlap is { } overlap && overlap.Clients.Count != Clients.Count)
            return $"pretraining_overlap has {overlap.Clients.Count} clients, the manifest {Clients.Count}";
        for (int i = 0; i < Clients.Count; i++)
        {
            var c = Clients[i];
            if (c.Id != i) return $"client {c.Id} stands in the place of client {i}";
            if (c.Shares.Count != Categories.Count) return $"client {c.Id} has {c.Shares.Count} shares for {Categories.Count} categories";
            if (c.Shares.FirstOrDefault(s => !(s is >= 0 and <= 1)) is var share && share != 0)
                return FormattableString.Invariant($"a share of client {c.Id} is {share}, which is not from 0 to 1");
            if (((SplitSummary[])[c.Train, c.TrustValidation, c.ReportValidation]).Any(s => s.Documents < 0 || s.Tokens < 0))
                return $"a size of client {c.Id} is below 0";
        }
        return Reference is { Documents: >= 0, Tokens: >= 0 } ? null : $"a size of the reference is below 0";
    }
}

/// <summary>What a manifest says about one client.</summary>
/// <param name="Id">0, 1, ...</param>
/// <param name="Name">the name of its file, or client_0, client_1, ...</param>
/// <param name="Shares">the true share of every category among its training tokens; empty where the data has no categories</param>
/// <param name="Train">training text</param>
/// <param name="TrustValidation">text to judge others by</param>
/// <param name="ReportValidation">text to report on</param>
public sealed record ClientSummary(
    int Id, string Name, IReadOnlyList<double> Shares,
    SplitSummary Train, SplitSummary TrustValidation, SplitSummary ReportValidation);

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
