using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace LoraCollab.Data;

/// <summary>
/// AG News as it is published: rows of class (1, 2, ...), title and description. A folder with train.csv and, where it exists, test.csv, whose rows follow in the same pool (the
/// splits of a run are made over documents, so both serve alike); or one CSV file. classes.txt beside them names the classes, one a line.
/// A document is title + ' ' + description.
/// </summary>
public static class AgNewsCsv
{
    private static readonly string[] KnownClasses = ["World", "Sports", "Business", "Sci/Tech"];

    public static CorpusFormat Format { get; } = new("agnews", "a folder with train.csv (and test.csv, classes.txt), or one such .csv file: class, title, description", Recognises, (path, _) => Open(path));

    private static bool Recognises(string path) => File.Exists(Path.Combine(path, "train.csv")) || (File.Exists(path) && path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase));

    private static DocumentCorpus Open(string path)
    {
        string folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        string[] files = Directory.Exists(path) ? ["train.csv", "test.csv"] : [Path.GetFileName(path)];
        string[] classes = Classes(folder);
        var documents = new List<Document>();
        foreach (string file in files.Select(f => Path.Combine(folder, f)).Where((f, i) => i == 0 || File.Exists(f)))
            foreach (var (number, text, row) in ReadRows(file))
                documents.Add(number <= classes.Length
                    ? new Document(text, number - 1)
                    : throw new UserException($"{file}: row {row}: class {number} is not among the {classes.Length} classes ({string.Join(", ", classes)})"));
        return new DocumentCorpus("agnews", classes, documents);
    }

    private static string[] Classes(string folder)
    {
        string path = Path.Combine(folder, "classes.txt");
        return File.Exists(path) ? [.. DocumentText.Lines(TextFile.ReadContent(path)).Select(l => l.Trim())] : KnownClasses;
    }

    /// <summary>The class (from 1), text and row number (from 1) of every row; a first row without a class number is a heading.</summary>
    internal static List<(int Class, string Text, int Row)> ReadRows(string path)
    {
        var rows = new List<(int, string, int)>();
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { HasHeaderRecord = false, BadDataFound = a => throw new UserException($"{path}: row {a.Context.Parser!.Row}: a quote stands where none may be (truncated or a foreign file?)") };
        using var csv = new CsvParser(new StringReader(TextFile.ReadContent(path)), configuration);
        while (csv.Read())
        {
            if (csv.Count != 3) throw new UserException($"{path}: row {csv.Row}: expected 3 columns (class, title, description), found {csv.Count}");
            if (int.TryParse(csv[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1)
                rows.Add((number, csv[1] + " " + csv[2], csv.Row));
            else if (csv.Row > 1)
                throw new UserException($"{path}: row {csv.Row}: expected a class number from 1 on, found '{csv[0]}'");
        }
        return rows.Count > 0 ? rows : throw new UserException($"{path}: there is no row of class, title and description");
    }
}
