namespace LoraCollab.Data.Tests.Generated;

/// <summary>Words (runs of letters and digits) of generated text by what decided them.</summary>
/// <param name="Grammar">Sentence patterns, frames and names: alike in every category of a family (for languages and code: of the category's own
/// language).</param>
/// <param name="Continuation">Decided by the frame before them and the category.</param>
/// <param name="Lexicon">Drawn from a category's lexicon with Zipf frequencies.</param>
internal sealed record Composition(long Grammar, long Continuation, long Lexicon)
{
    public long Total => Grammar + Continuation + Lexicon;

    public double GrammarShare => (double)Grammar / Total;

    public double ContinuationShare => (double)Continuation / Total;

    public double LexiconShare => (double)Lexicon / Total;

    /// <summary>What decided the words of a corpus.</summary>
    public static Composition Of(GeneratedCorpus corpus) => Enumerable.Range(0, corpus.Documents.Count).Select(i => Of(corpus.Write(i)))
        .Aggregate((a, b) => new Composition(a.Grammar + b.Grammar, a.Continuation + b.Continuation, a.Lexicon + b.Lexicon));

    /// <summary>Counts words of one written text; a word belongs to the part of its first character.</summary>
    private static Composition Of(WrittenText written)
    {
        Span<long> counts = stackalloc long[3];
        bool inWord = false;
        int at = 0;
        foreach (var (end, part) in written.Spans)
            for (; at < end; at++)
            {
                bool isWord = char.IsLetterOrDigit(written.Text[at]);
                if (isWord && !inWord) counts[(int)part]++;
                inWord = isWord;
            }
        return new Composition(counts[(int)Part.Grammar], counts[(int)Part.Continuation], counts[(int)Part.Lexicon]);
    }
}
