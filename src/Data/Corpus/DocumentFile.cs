namespace LoraCollab.Data.Corpus;

/// <summary>The documents of one file, cut by what kind of file it is.</summary>
internal static class DocumentFile
{
    private static readonly string[] s_source =
        [".java", ".cs", ".py", ".js", ".ts", ".c", ".h", ".cpp", ".hpp", ".go", ".rs", ".kt", ".scala", ".rb", ".php", ".swift"];

    /// <summary>What is read, for error messages.</summary>
    public const string Kinds = ".txt, .jsonl, WikiExtractor's wiki_00, source code such as .java";

    /// <summary>
    /// Whether a file that was found in a folder is read. A .json counts as JSON lines by what is in it; one that was named by itself always does.
    /// </summary>
    public static bool IsKnown(SourceFile file, CorpusOptions options) =>
        IsText(file) || JsonLines.Has(file) || WikiExtract.Has(file) || IsSource(file) || JsonLines.Holds(file, options);

    /// <exception cref="UserException">The file is missing or damaged, or of no known kind.</exception>
    public static List<string> Read(SourceFile file, CorpusReading reading) => ForeignBytes.Read(file.Path, "text", () => reading.Noted(file,
        JsonLines.Has(file) || JsonLines.IsJson(file) ? JsonLines.Texts(file, reading.Bytes(file), reading)
        : WikiExtract.Has(file) ? WikiExtract.Texts(file, reading)
        : IsSource(file) ? Whole(reading.Mended(file))
        : IsText(file) ? DocumentText.Split(reading.Text(file))
        : throw new UserException($"{file.Path}: not a kind of file that is read; expected {Kinds}")));

    private static List<string> Whole(string text) => string.IsNullOrWhiteSpace(text) ? [] : [text];

    private static bool IsText(SourceFile file) => file.EndsWith(".txt");

    private static bool IsSource(SourceFile file) => file.EndsWith(s_source);
}
