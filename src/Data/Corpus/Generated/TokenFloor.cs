namespace LoraCollab.Data.Corpus.Generated;

/// <summary>The floor of a split that was cut from a generated corpus: its documents are found again by their text.</summary>
internal static class TokenFloor
{
    /// <summary>Nats per token of the documents in <paramref name="ids"/>, each ended by the end-of-text token, which counts as one token.</summary>
    public static CorpusFloor Of(GeneratedCorpus corpus, ReadOnlySpan<int> ids, ITokenizer tokenizer)
    {
        if (tokenizer.EndOfText is not { } end)
            throw new UserException($"{corpus.Name}: the floor needs a tokenizer with an end-of-text token, which {tokenizer.Kind} has not");
        var sorted = corpus.Documents.OrderBy(d => d.Text, StringComparer.Ordinal).ToList();
        var found = new List<Document>();
        long tokens = 0;
        while (ids.Length > 0)
        {
            int length = ids.IndexOf(end);
            var document = ids[..(length < 0 ? ids.Length : length)];
            int used = Math.Min(document.Length + 1, ids.Length);
            ids = ids[used..];
            // A token budget may cut a document within a character, or leave one token without an end: such a rest is left out. Some tokenizers put a blank
            // before a text.
            if (Find(sorted, tokenizer.Decode(document).TrimEnd('\uFFFD').TrimStart(' ')) is not { } original) continue;
            found.Add(original);
            tokens += used;
        }
        var floor = corpus.Floor(found);
        return tokens == 0
            ? throw new UserException($"{corpus.Name}: none of this text is of this corpus")
            : new CorpusFloor(floor.WithCategory / tokens, floor.WithoutCategory / tokens);
    }

    /// <summary>The document with this text, or the beginning of one with this text, with its category.</summary>
    private static Document? Find(List<Document> sorted, string text)
    {
        int low = 0, high = sorted.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (string.CompareOrdinal(sorted[middle].Text, text) < 0) low = middle + 1; else high = middle;
        }
        return low < sorted.Count && sorted[low].Text.StartsWith(text, StringComparison.Ordinal) ? sorted[low] with { Text = text } : null;
    }
}

/// <summary>
/// The least total loss, in nats, that any model can expect on given documents, boundaries between them included: the documents' own information under the
/// grammar that wrote them. Divide by the number of predicted tokens for a loss per token; its exponential is the best possible perplexity.
/// </summary>
/// <param name="WithCategory">−Σ log p(text | its category): for a reader who knows the world and each document's category.</param>
/// <param name="WithoutCategory">−Σ log Σ_c p(text | c) / K: for one who knows the world, but not the category, and infers it within each document (an
/// exact Bayes mixture over the K categories).</param>
public sealed record CorpusFloor(double WithCategory, double WithoutCategory);
