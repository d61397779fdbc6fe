using System.Text.Encodings.Web;
using System.Text.Json;

namespace LoraCollab.Data.Files;

/// <summary>
/// The SHA-256 of every file of a folder that makes its result, by the files' paths below the folder, with '/' between names. A finished folder keeps them
/// in hashes.json, which carries a hash of its own.
/// </summary>
public sealed class FileHashes
{
    /// <summary>Where a finished folder keeps them.</summary>
    public const string FileName = "hashes.json";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SortedDictionary<string, FileHash> _files;

    public FileHashes() => _files = new(StringComparer.Ordinal);

    /// <param name="origin">The file they were read from, for errors.</param>
    /// <param name="files">By name.</param>
    /// <exception cref="UserException">A name that leads out of the folder, or has no hash.</exception>
    public FileHashes(string origin, IReadOnlyDictionary<string, FileHash> files) : this()
    {
        foreach (var (name, hash) in files)
        {
            if (!IsBelow(name) || hash is null)
                throw new UserException($"{origin}: {ForeignText.Quoted(name)}: expected a file below the folder, and its hash");
            _files[name] = hash;
        }
    }

    public IReadOnlyDictionary<string, FileHash> Files => _files;

    /// <summary>Books a file of the folder <paramref name="root"/> as it is on the disk.</summary>
    /// <exception cref="UserException">The file is missing or cannot be read.</exception>
    public void Add(string root, string path) => _files[NameOf(root, path)] = ForeignBytes.Read(path, "a file", () => FileHash.Of(path));

    /// <summary>Books a file by what it holds or will hold.</summary>
    public void Add(string name, FileHash hash) => _files[name] = hash;

    /// <summary>Forgets a file of the folder <paramref name="root"/>.</summary>
    public void Remove(string root, string path) => _files.Remove(NameOf(root, path));

    /// <summary>Those of these names that are booked.</summary>
    public FileHashes Only(IEnumerable<string> names)
    {
        var only = new FileHashes();
        foreach (string name in names)
            if (_files.TryGetValue(name, out var hash)) only.Add(name, hash);
        return only;
    }

    /// <summary>Which files are not what they were when they were written, and what is wrong with each; none where all is well.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="grows">True for logs that may have grown since.</param>
    public IEnumerable<(string Name, string Fault)> Faults(string root, Func<string, bool>? grows = null) =>
        from file in _files
        let fault = file.Value.Fault(Path.Combine(root, file.Key), grows?.Invoke(file.Key) ?? false)
        where fault is not null
        select (file.Key, fault);

    /// <summary>Writes hashes.json.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Save(string root) => AtomicFile.WriteText(Path.Combine(root, FileName), SealedJson.Seal(JsonSerializer.Serialize(new { Files }, s_json)));

    /// <summary>Reads a folder's hashes.json; null where there is none, as in folders of earlier versions.</summary>
    /// <exception cref="UserException">It is damaged.</exception>
    public static FileHashes? Load(string root)
    {
        string path = Path.Combine(root, FileName);
        if (!File.Exists(path)) return null;
        return ForeignBytes.Read(path, "the hashes of a folder's files", () =>
        {
            string? json = SealedJson.Open(path, TextFile.Read(path));
            return json is null ? throw new UserException($"{path}: damaged: the SHA-256 of its own text is missing at its end")
                : new FileHashes(path, JsonSerializer.Deserialize<Stored>(json, s_json)!.Files);
        });
    }

    /// <summary>A file's path below the folder, with '/' between names.</summary>
    public static string NameOf(string root, string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static bool IsBelow(string name) => name.Split('/').All(part => part is not ("" or "." or "..") && part.IndexOfAny(['\\', '\0', ':']) < 0);

    private sealed record Stored(Dictionary<string, FileHash> Files);
}
