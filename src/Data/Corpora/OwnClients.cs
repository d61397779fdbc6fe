namespace LoraCollab.Data;

/// <summary>
/// One's own clients, without categories: a folder of .txt files, one client each, in order of their names. A file public.txt is the public reference; without it the reference is
/// taken in equal parts from the clients' files. Documents are cut as in <see cref="TextFolder"/>. Opened as "clients:FOLDER".
/// </summary>
public static class OwnClients
{
    private const string PublicFile = "public.txt";

    public static CorpusFormat Format { get; } = new("clients", "a folder of .txt files, one client each, opened as clients:FOLDER; public.txt, if there, is the public reference", _ => false, (path, _) => Open(path));

    private static DocumentCorpus Open(string folder)
    {
        string[] files = [.. TextFolder.Files(folder).Where(f => Path.GetFileName(f) != PublicFile)];
        if (files.Length == 0) throw new UserException($"{folder}: expected a folder of .txt files, one client each, and found none");
        var documents = files.SelectMany((file, client) => Read(file).Select(text => new Document(text, Document.None) { Client = client })).ToList();
        string reference = Path.Combine(folder, PublicFile);
        if (File.Exists(reference)) documents.AddRange(Read(reference).Select(text => new Document(text, Document.None) { IsPublic = true }));
        return new DocumentCorpus(TextFolder.NameOf(folder), [], documents, clients: [.. files.Select(f => Path.GetFileNameWithoutExtension(f))]);
    }

    private static List<string> Read(string path) => DocumentText.Split(TextFile.ReadContent(path));
}
