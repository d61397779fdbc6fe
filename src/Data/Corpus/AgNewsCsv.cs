using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace LoraCollab.Data.Corpus;

/// <summary>
/// AG News as it is published: rows of class (1, 2, ...), title and description. A folder with train.csv and, where it exists, test.csv, whose rows follow in
/// the same pool (the splits of a run are made over documents, so both serve alike); or one CSV file. classes.txt beside them names the classes, one per line.
/// A document is title + ' ' + description.
/// </summary>
public static class AgNewsCsv
{
    private const string Train = "train.csv", Test = "test.csv", ClassNames = "classes.txt";

    private static readonly string[] KnownClasses = ["World", "Sports", "Business", "Sci/Tech"];

    public static CorpusFormat Format { get; } = new(
        "agnews", "a folder with train.csv (and test.csv, classes.txt), or one such .csv file: class, title, description",
        (path, _) => File.Exists(path) ? SourceFile.Of(path).EndsWith(".csv") : Named(Files(path, new()), Train) is not null, Open);

    private static DocumentCorpus Open(string path, CorpusReading reading)
    {
        bool isFile = File.Exists(path);
        var beside = Files(isFile ? Path.GetDirectoryName(Path.GetFullPath(path))! : path, isFile ? new() : reading.Notes);
        SourceFile?[] files = isFile ? [SourceFile.Of(path)]
            : [Named(beside, Train) ?? throw new UserException($"{Path.Combine(path, Train)}: there is no such file"), Named(beside, Test)];
        string[] classes = Named(beside, ClassNames) is { } names
            ? [.. DocumentText.Lines(TextFile.ReadContent(names.Path)).Select(l => l.Trim())]
            : KnownClasses;
        var documents = new List<Document>();
        foreach (var file in files.OfType<SourceFile>())
            foreach (var (number, text, row) in ReadRows(file, reading))
                documents.Add(number <= classes.Length
                    ? new Document(text, number - 1)
                    : throw new UserException(
                        $"{file.Path}: row {row}: class {number} is not among the {classes.Length} classes ({string.Join(", ", classes.Take(20))})"));
        return new DocumentCorpus("agnews", classes, documents, notes: reading.Notes);
    }

    private static IReadOnlyList<SourceFile> Files(string folder, ReadingNotes notes) =>
        FolderWalk.Files(folder, deep: false, f => Is(f, Train) || Is(f, Test) || Is(f, ClassNames) ? null : ReadingNote.OtherKind, notes);

    private static SourceFile? Named(IEnumerable<SourceFile> files, string name) => files.FirstOrDefault(f => Is(f, name));

    private static bool Is(SourceFile file, string name) => file.Inside.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The class (from 1), text and row number (from 1) of every row; a first row without a class number is a heading.</summary>
    internal static List<(int Class, string Text, int Row)> ReadRows(SourceFile file, CorpusReading reading)
    {
        string path = file.Path, content = reading.Mended(file);
        if (string.IsNullOrWhiteSpace(content)) throw new UserException($"{path}: the file is empty");
        var rows = new List<(int, string, int)>();
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            HasHeaderRecord = false,
            BadDataFound = a => throw new UserException(
                $"{path}: row {a.Context.Parser!.Row}: a quote stands where none may be (truncated or a foreign file?)"),
        };
        using var csv = new CsvParser(new StringReader(content), configuration);
        while (ForeignBytes.Read(FormattableString.Invariant($"{path}: row {csv.Row + 1}"), "CSV", csv.Read))
        {
            if (csv.Count != 3) throw new UserException($"{path}: row {csv.Row}: expected 3 columns (class, title, description), found {csv.Count}");
            if (int.TryParse(csv[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1)
                rows.Add((number, csv[1] + " " + csv[2], csv.Row));
            else if (csv.Row > 1)
                throw new UserException($"{path}: row {csv.Row}: expected a class number from 1 on, found {ForeignText.Quoted(csv[0])}");
        }
        return rows.Count > 0 ? rows : throw new UserException($"{path}: there is no row of class, title and description");
    }
}
