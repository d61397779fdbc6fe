namespace LoraCollab.Data.Corpus;

/// <summary>
/// One's own clients, without categories: a folder of .txt files, one client each, in order of their names. A file public.txt is the public reference; without
/// it the reference is taken in equal parts from the clients' files. Documents are cut as in <see cref="TextFolder"/>. Opened as "clients:FOLDER".
/// </summary>
public static class OwnClients
{
    private const string Public = "public";

    public static CorpusFormat Format { get; } = new(
        "clients", "a folder of .txt files, one client each, opened as clients:FOLDER; public.txt, if there, is the public reference", (_, _) => false, Open);

    private static DocumentCorpus Open(string folder, CorpusReading reading)
    {
        var (files, texts) = TextFolder.Read(folder, reading, "one client each");
        var clients = files.Where(f => !IsPublic(f)).Select((file, client) => (file, client)).ToDictionary(p => p.file, p => p.client);
        if (clients.Count == 0) throw new UserException($"{folder}: expected a folder of .txt files, one client each, and found only the public text");
        var documents = files.Zip(texts).SelectMany(p => p.Second.Select(text => clients.TryGetValue(p.First, out int client)
            ? new Document(text, Document.None) { Client = client }
            : new Document(text, Document.None) { IsPublic = true }));
        // The public text comes last, wherever its name stands among the others.
        documents = documents.OrderBy(d => d.IsPublic);
        return new DocumentCorpus(TextFolder.NameOf(folder), [], [.. documents], clients: [.. clients.Keys.Select(f => f.Stem)], notes: reading.Notes);
    }

    private static bool IsPublic(SourceFile file) => file.Stem.Equals(Public, StringComparison.OrdinalIgnoreCase);
}
