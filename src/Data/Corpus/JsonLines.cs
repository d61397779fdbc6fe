using System.Text.Json;

namespace LoraCollab.Data.Corpus;

/// <summary>
/// JSON lines: one object a line (or one array of objects) with a text field and, if wanted, a category field; of a web address the domain counts (news by
/// domain). A .jsonl file, a .json file with such lines in it, or a folder of them. Categories are ordered by their number of documents, largest first.
/// </summary>
public static class JsonLines
{
    private static readonly string[] UsualCategoryFields = ["category", "label", "domain", "url"], UsualTextFields = ["content", "code"];

    public static CorpusFormat Format { get; } = new(
        "jsonl", "a .jsonl file or a folder of them: one JSON object per line, with a text field and a category field", Recognises, Open);

    /// <summary>Whether a file's ending says JSON lines.</summary>
    internal static bool Has(SourceFile file) => file.EndsWith(".jsonl", ".ndjson");

    /// <summary>Whether a file's ending says JSON, which may be lines or not.</summary>
    internal static bool IsJson(SourceFile file) => file.EndsWith(".json");

    /// <summary>Whether a .json file holds objects with the text that is looked for, as exports do and a program's settings do not.</summary>
    internal static bool Holds(SourceFile file, CorpusOptions options) =>
        IsJson(file) && JsonRows.First(file.Path) is { } row && TextFieldOf(row, options) is not null;

    private static bool Recognises(string path, CorpusOptions options)
    {
        if (File.Exists(path)) return Has(SourceFile.Of(path)) || (IsJson(SourceFile.Of(path)) && JsonRows.First(path) is { } row && !OwnManifest.IsOne(row));
        var files = Files(path, new(options));
        return (files.Any(Has) || (files.Count > 0 && TextFolder.Files(path, new()).Count == 0)) && !CategoryFolders.AreBeside(files, path, options);
    }

    private static IReadOnlyList<SourceFile> Files(string path, CorpusReading reading) =>
        File.Exists(path) ? [SourceFile.Of(path)]
        : FolderWalk.Files(path, deep: false, f => Has(f) || Holds(f, reading.Options) ? null : ReadingNote.OtherKind, reading.Notes);

    private static DocumentCorpus Open(string path, CorpusReading reading)
    {
        var files = Files(path, reading);
        if (files.Count == 0) throw new UserException($"{path}: expected a .jsonl file or a folder of them{reading.Notes.InBrackets}");
        string? categoryField = reading.Options.CategoryField;
        var rows = new List<(string Text, string? Category)>();
        foreach (var file in files)
        {
            int before = rows.Count;
            JsonRows.ForEach(file, reading.Bytes(file), reading, (row, place) =>
            {
                if (rows.Count == 0) categoryField ??= UsualCategoryFields.FirstOrDefault(f => row.TryGetProperty(f, out _));
                if (Text(row, reading.Options.TextField, file, place, reading) is not { } text) return;
                rows.Add((text, categoryField is null ? null : Domain(JsonField.Text(row, categoryField, "category field", $"{file.Path}: {place}"))));
            });
            if (rows.Count == before) reading.Notes.Add(ReadingNote.Empty, file.Name);
        }
        return Build(path, rows, reading.Notes);
    }

    /// <summary>
    /// The texts of one file whose categories do not matter: the field that the options name or, where its rows have no such field, content or code.
    /// </summary>
    internal static List<string> Texts(SourceFile file, byte[] bytes, CorpusReading reading)
    {
        var texts = new List<string>();
        JsonRows.ForEach(file, bytes, reading, (row, place) =>
        {
            if (Text(row, TextFieldOf(row, reading.Options) ?? reading.Options.TextField, file, place, reading) is { } text) texts.Add(text);
        });
        return texts;
    }

    /// <summary>Null where it is blank, which is noted.</summary>
    private static string? Text(JsonElement row, string field, SourceFile file, string place, CorpusReading reading)
    {
        string text = JsonField.Text(row, field, "text field", $"{file.Path}: {place}");
        if (!string.IsNullOrWhiteSpace(text)) return text;
        reading.Notes.Add(ReadingNote.WithoutText, $"{file.Name} {place}");
        return null;
    }

    private static string? TextFieldOf(JsonElement row, CorpusOptions options) =>
        UsualTextFields.Prepend(options.TextField).FirstOrDefault(f => JsonField.Find(row, f) is not null);

    private static DocumentCorpus Build(string path, List<(string Text, string? Category)> rows, ReadingNotes notes)
    {
        if (rows.Count == 0) throw new UserException($"{path}: there is no document in it{notes.InBrackets}");
        var bySize = rows.Where(r => r.Category is not null).GroupBy(r => r.Category!)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal);
        string[] categories = [.. bySize.Select(g => g.Key)];
        var index = categories.Index().ToDictionary(c => c.Item, c => c.Index);
        var documents = rows.Select(r => new Document(r.Text, r.Category is null ? Document.None : index[r.Category]));
        return new DocumentCorpus(TextFolder.NameOf(path), categories, [.. documents], notes: notes);
    }

    /// <summary>The host of a web address without "www."; any other text as it is.</summary>
    internal static string Domain(string category)
    {
        if (!Uri.TryCreate(category, UriKind.Absolute, out Uri? address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            return category;
        return address.Host.StartsWith("www.", StringComparison.Ordinal) ? address.Host[4..] : address.Host;
    }
}
