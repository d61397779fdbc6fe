using System.Text;

namespace LoraCollab.Data.Tests;

/// <summary>A corpus in which every token tells its document: document d is one character (U+4E00 + d) repeated.</summary>
internal static class MarkedCorpus
{
    private const int FirstCharacter = 0x4E00;

    public static (ICorpus Corpus, ITokenizer Tokenizer) Make(int categories, int documentsPerCategory, int length = 10)
    {
        var documents = Enumerable.Range(0, categories * documentsPerCategory).Select(d => new Document(TextOf(d, length), d % categories)).ToList();
        var corpus = new DocumentCorpus("marked", [.. Enumerable.Range(0, categories).Select(c => $"c{c}")], documents);
        return (corpus, CharacterTokenizer.FromTexts(documents.Select(d => d.Text).Append("\n ")));
    }

    public static string TextOf(int document, int length) => new StringBuilder().Insert(0, ((char)(FirstCharacter + document)).ToString(), length).ToString();

    /// <summary>The documents that a split is made of.</summary>
    public static HashSet<int> DocumentsOf(int[] split, ITokenizer tokenizer) =>
        [.. tokenizer.Decode(split).Where(c => c >= FirstCharacter).Select(c => c - FirstCharacter)];
}
