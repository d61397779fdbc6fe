using System.Text.Json;

namespace LoraCollab.Data;

/// <summary>
/// JSON lines: one object a line with a text field and, if wanted, a category field; of a web address the domain counts (news by domain). A .jsonl file, or a folder of them.
/// Categories are ordered by their number of documents, largest first.
/// </summary>
public static class JsonLines
{
    private static readonly string[] UsualCategoryFields = ["category", "label", "domain", "url"], UsualTextFields = ["content", "code"];

    public static CorpusFormat Format { get; } = new("jsonl", "a .jsonl file or a folder of them: one JSON object a line, with a text field and a category field", p => Files(p).Length > 0, Open);

    private static string[] Files(string path)
    {
        if (Directory.Exists(path)) return [.. Directory.EnumerateFiles(path).Where(Has).Order(StringComparer.Ordinal)];
        return File.Exists(path) && Has(path) ? [path] : [];
    }

    /// <summary>Whether a file's ending says JSON lines.</summary>
    internal static bool Has(string path) => Path.GetExtension(path).ToLowerInvariant() is ".jsonl" or ".ndjson";

    private static DocumentCorpus Open(string path, CorpusOptions options)
    {
        string[] files = Files(path);
        if (files.Length == 0) throw new UserException($"{path}: expected a .jsonl file or a folder of them");
        string? categoryField = options.CategoryField;
        var rows = new List<(string Text, string? Category)>();
        foreach (string file in files)
            ForEachRow(file, (row, line) =>
            {
                if (rows.Count == 0) categoryField ??= UsualCategoryFields.FirstOrDefault(f => row.TryGetProperty(f, out _));
                string text = Field(row, options.TextField, "--text-field", file, line);
                if (!string.IsNullOrWhiteSpace(text)) rows.Add((text, categoryField is null ? null : Domain(Field(row, categoryField, "--category-field", file, line))));
            });
        return Build(TextFolder.NameOf(path), rows);
    }

    /// <summary>The texts of one file whose categories do not matter: the field that the options name or, where its rows have no such field, content or code.</summary>
    internal static List<string> Texts(string file, CorpusOptions options)
    {
        var texts = new List<string>();
        ForEachRow(file, (row, line) =>
        {
            string field = UsualTextFields.Prepend(options.TextField).FirstOrDefault(f => row.TryGetProperty(f, out _)) ?? options.TextField;
            string text = Field(row, field, "--text-field", file, line);
            if (!string.IsNullOrWhiteSpace(text)) texts.Add(text);
        });
        return texts;
    }

    private static void ForEachRow(string file, Action<JsonElement, int> read)
    {
        string[] lines = TextFile.ReadContent(file).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            using JsonDocument json = Parse(lines[i], file, i + 1);
            read(json.RootElement, i + 1);
        }
    }

    private static DocumentCorpus Build(string name, List<(string Text, string? Category)> rows)
    {
        string[] categories = [.. rows.Where(r => r.Category is not null).GroupBy(r => r.Category!).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key)];
        var index = categories.Select((category, i) => (category, i)).ToDictionary(p => p.category, p => p.i);
        return new DocumentCorpus(name, categories, [.. rows.Select(r => new Document(r.Text, r.Category is null ? Document.None : index[r.Category]))]);
    }

    private static JsonDocument Parse(string line, string file, int number)
    {
        try
        {
            JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind == JsonValueKind.Object) return json;
            throw new UserException($"{file}: line {number}: expected a JSON object, found {json.RootElement.ValueKind}");
        }
        catch (JsonException e)
        {
            throw new UserException($"{file}: line {number}: expected a JSON object on one line: {JsonFault.InLine(e)}", e);
        }
    }

    private static string Field(JsonElement row, string field, string option, string file, int line)
    {
        if (!row.TryGetProperty(field, out JsonElement value))
            throw new UserException($"{file}: line {line}: there is no field '{field}'; the fields are {string.Join(", ", row.EnumerateObject().Select(p => p.Name))}; name one with {option}");
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => throw new UserException($"{file}: line {line}: field '{field}' must be text, found {value.ValueKind}"),
        };
    }

    /// <summary>The host of a web address without "www."; any other text as it is.</summary>
    internal static string Domain(string category)
    {
        if (!Uri.TryCreate(category, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)) return category;
        return address.Host.StartsWith("www.", StringComparison.Ordinal) ? address.Host[4..] : address.Host;
    }
}
