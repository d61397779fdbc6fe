namespace LoraCollab.Data;

/// <summary>The documents of one file, cut by what kind of file it is.</summary>
internal static class DocumentFile
{
    private static readonly string[] Source =
        [".java", ".cs", ".py", ".js", ".ts", ".c", ".h", ".cpp", ".hpp", ".go", ".rs", ".kt", ".scala", ".rb", ".php", ".swift"];

    /// <summary>What is read, for error messages.</summary>
    public const string Kinds = ".txt, .jsonl, WikiExtractor's wiki_00, source code such as .java";

    public static bool IsKnown(string path) => IsText(path) || JsonLines.Has(path) || WikiExtract.Has(path) || IsSource(path);

    /// <exception cref="UserException">The file is missing, empty or damaged, or of no known kind.</exception>
    public static IEnumerable<string> Read(string path, CorpusOptions options) =>
        JsonLines.Has(path) ? JsonLines.Texts(path, options)
        : WikiExtract.Has(path) ? WikiExtract.Texts(path, options)
        : IsSource(path) ? [TextFile.ReadContent(path)]
        : IsText(path) ? DocumentText.Split(TextFile.ReadContent(path))
        : throw new UserException($"{path}: not a kind of file that is read; expected {Kinds}");

    private static bool IsText(string path) => Has(path, ".txt");

    private static bool IsSource(string path) => Source.Any(ending => Has(path, ending));

    private static bool Has(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
