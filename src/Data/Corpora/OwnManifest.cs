using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoraCollab.Data;

/// <summary>
/// One's own clients from a JSON file, each with its own files: {"clients": [{"name": "ann", "files": ["a.txt"], "category": "poems", "trust": ["t.txt"],
/// "report": ["r.txt"]}],
/// "public": ["p.txt"]}. Paths are relative to the manifest; a file is cut into documents as <see cref="DocumentFile"/> does. category is for all clients
/// or for none; without trust or
/// report that text is held out of the client's files, and without public the reference is. Unknown keys are errors.
/// </summary>
public static class OwnManifest
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    public static CorpusFormat Format { get; } = new("manifest", "a .json file that names clients and their files",
        p => File.Exists(p) && p.EndsWith(".json", StringComparison.OrdinalIgnoreCase), Open);

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

    private static DocumentCorpus Open(string path, CorpusOptions options)
    {
        var clients = Checked(path, out var publicFiles);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string[] categories = [.. clients.Select(c => c.Category).OfType<string>().Distinct()];
        var documents = new List<Document>();
        for (int c = 0; c < clients.Count; c++)
        {
            var client = clients[c];
            void Add(List<string> files, DocumentPart part) => documents.AddRange(Texts(files)
                .Select(text => new Document(text, Array.IndexOf(categories, client.Category)) { Client = c, Part = part }));
            Add(client.Files, DocumentPart.Any);
            Add(client.Trust, DocumentPart.Trust);
            Add(client.Report, DocumentPart.Report);
        }
        documents.AddRange(Texts(publicFiles).Select(text => new Document(text, Document.None) { IsPublic = true }));
        return new DocumentCorpus(TextFolder.NameOf(path), categories, documents, clients: [.. clients.Select(c => c.Name)]);

        IEnumerable<string> Texts(IEnumerable<string> files) => files.SelectMany(file => DocumentFile.Read(Path.Combine(folder, file), options));
    }

    private static List<Client> Checked(string path, out List<string> publicFiles)
    {
        Contents contents;
        try
        {
            contents = JsonSerializer.Deserialize<Contents>(TextFile.Read(path), Json)
                ?? throw new UserException($"{path}: expected an object with the key clients, found null");
        }
        catch (JsonException e)
        {
            throw new UserException($"{path}: expected {{\"clients\": [{{\"name\": ..., \"files\": [...]}}], \"public\": [...]}}: {e.Message}", e);
        }
        var clients = contents.Clients;
        if (clients.Count == 0) throw new UserException($"{path}: clients is empty; name at least one");
        foreach (var client in clients)
        {
            if (client.Files.Count == 0) throw new UserException($"{path}: client '{client.Name}' has no files; name at least one");
            if (clients.Count(c => c.Name == client.Name) > 1)
                throw new UserException($"{path}: two clients are called '{client.Name}'; give each a name of its own");
            if ((client.Category is null) != (clients[0].Category is null))
                throw new UserException($"{path}: '{clients[0].Name}' and '{client.Name}': one has a category "
                    + "and the other has none; give one to all clients or to none");
        }
        publicFiles = contents.Public;
        return clients;
    }
}
