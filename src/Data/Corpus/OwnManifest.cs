using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoraCollab.Data.Corpus;

/// <summary>
/// One's own clients from a JSON file, each with its own files: {"clients": [{"name": "ann", "files": ["a.txt"], "category": "poems", "trust": ["t.txt"],
/// "report": ["r.txt"]}],
/// "public": ["p.txt"]}. Paths are relative to the manifest, and a file stands in it once; it is cut into documents as <see cref="DocumentFile"/> does.
/// category is for all clients or for none; without trust or report that text is held out of the client's files, and without public the reference is. Unknown
/// keys are errors.
/// </summary>
public static class OwnManifest
{
    private const string Form = "{\"clients\": [{\"name\": ..., \"files\": [...]}], \"public\": [...]}";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    public static CorpusFormat Format { get; } = new("manifest", "a .json file that names clients and their files",
        (p, _) => File.Exists(p) && SourceFile.Of(p).EndsWith(".json"), Open);

    private sealed record Contents
    {
        public required List<Client> Clients { get; init; }
        public List<string> Public { get; init; } = [];
    }

    private sealed record Client
    {
        public required string Name { get; init; }
        public required List<string> Files { get; init; }
        public string? Category { get; init; }
        public List<string> Trust { get; init; } = [];
        public List<string> Report { get; init; } = [];
    }

    /// <summary>Whether a file's first object is a manifest rather than a row of data.</summary>
    internal static bool IsOne(JsonElement first) => first.TryGetProperty("clients", out _) || first.TryGetProperty("public", out _);

    private static DocumentCorpus Open(string path, CorpusReading reading)
    {
        var contents = Parse(path);
        Check(path, contents.Clients);
        var files = new NamedFiles(path);
        string[] categories = [.. contents.Clients.Select(c => c.Category).OfType<string>().Distinct()];
        var index = categories.Index().ToDictionary(c => c.Item, c => c.Index);
        var documents = new List<Document>();
        foreach (var (c, client) in contents.Clients.Index())
        {
            int category = client.Category is null ? Document.None : index[client.Category];
            void Add(string key, List<string> names, DocumentPart part) =>
                documents.AddRange(Texts($"clients[{c}].{key}", names).Select(text => new Document(text, category) { Client = c, Part = part }));
            Add("files", client.Files, DocumentPart.Any);
            Add("trust", client.Trust, DocumentPart.Trust);
            Add("report", client.Report, DocumentPart.Report);
        }
        documents.AddRange(Texts("public", contents.Public).Select(text => new Document(text, Document.None) { IsPublic = true }));
        return new DocumentCorpus(TextFolder.NameOf(path), categories, documents, clients: [.. contents.Clients.Select(c => c.Name)], notes: reading.Notes);

        IEnumerable<string> Texts(string key, List<string> names) => names.Index().SelectMany(n =>
        {
            string place = $"{key}[{n.Index}]";
            var file = files.Take(place, n.Item);
            if (!DocumentFile.IsKnown(file, reading.Options) && !JsonLines.IsJson(file))
                throw new UserException($"{path}: {place}: {file.Path}: not a kind of file that is read; expected {DocumentFile.Kinds}");
            return Documents(file, reading);
        });
    }

    private static List<string> Documents(SourceFile file, CorpusReading reading) =>
        DocumentFile.Read(file, reading) is { Count: > 0 } documents ? documents
            : throw new UserException($"{file.Path}: the file is empty; leave it out of the manifest");

    private static Contents Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Contents>(ForeignBytes.WholeCharacters(TextFile.Read(path)), Json)
                ?? throw new UserException($"{path}: expected {Form}, found null");
        }
        catch (JsonException e)
        {
            throw new UserException($"{path}: expected {Form}: {JsonFault.Plain(e)}", e);
        }
    }

    private static void Check(string path, List<Client> clients)
    {
        if (clients.Count == 0) throw new UserException($"{path}: clients is empty; name at least one");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (c, client) in clients.Index())
        {
            // The serializer looks for null in properties, and not in lists.
            if (client is null) throw new UserException($"{path}: clients[{c}]: expected an object with name and files, found null");
            if (string.IsNullOrWhiteSpace(client.Name)) throw new UserException($"{path}: clients[{c}].name is empty; give the client a name");
            string name = ForeignText.Quoted(client.Name);
            if (client.Files.Count == 0) throw new UserException($"{path}: client {name} has no files; name at least one");
            if (!names.Add(client.Name)) throw new UserException($"{path}: two clients are called {name}; give each a name of its own");
            if ((client.Category is null) != (clients[0].Category is null))
                throw new UserException($"{path}: {ForeignText.Quoted(clients[0].Name)} and {name}: one has a category "
                    + "and the other has none; give one to all clients or to none");
        }
    }

    /// <summary>The files of a manifest, each of which may be named once: what is named twice would serve two splits or two clients.</summary>
    private sealed class NamedFiles(string manifest)
    {
        private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(manifest))!;
        private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

        public SourceFile Take(string key, string? name)
        {
            if (string.IsNullOrWhiteSpace(name) || name.Contains('\0'))
                throw new UserException($"{manifest}: {key}: expected the name of a file, found {ForeignText.Quoted(name)}");
            string path = Path.Combine(_folder, HomePath.Expand(name, $"{manifest}: {key}"));
            var status = FileStatus.Of(path);
            if (status.Kind == FileKind.File && !_keys.TryAdd(status.Identity, key))
                throw new UserException($"{manifest}: {_keys[status.Identity]} and {key} name one file, {ForeignText.Quoted(name)}; "
                    + "a text serves one split of one client, so name each file once");
            return new SourceFile(path, name);
        }
    }
}
