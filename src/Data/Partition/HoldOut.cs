namespace LoraCollab.Data.Partition;

/// <summary>One text for training and one for validation, for commands that train a single model.</summary>
public static class HoldOut
{
    /// <summary>
    /// Of one document the last part is held out, counted in characters before encoding (nanoGPT's rule); of several documents evenly spread ones are, such as
    /// every tenth, so that every category is in both. What is held out loses the documents that also stand in the training text, which stays as it is.
    /// </summary>
    /// <param name="corpus">the text</param>
    /// <param name="tokenizer">makes its ids</param>
    /// <param name="fraction">of the characters or documents, above 0 and below 1: 0.1 for a tenth</param>
    /// <param name="joinWithBlank">see <see cref="DocumentJoiner"/></param>
    /// <exception cref="UserException">the fraction is out of range, or a part would be empty</exception>
    public static HeldOutText Split(ICorpus corpus, ITokenizer tokenizer, double fraction = 0.1, bool joinWithBlank = false)
    {
        if (!(fraction > 0 && fraction < 1)) throw new UserException($"the validation fraction must be above 0 and below 1, found {fraction}");
        var found = corpus.Documents.Count == 1
            ? Cut(corpus.Documents[0].Text, tokenizer, fraction)
            : Deal(corpus.Documents, new DocumentJoiner(tokenizer, joinWithBlank), fraction);
        if (found.Train.Length == 0 || found.Validation.Length == 0)
            throw new UserException($"{corpus.Name}: too little text to hold out {fraction:P0} for validation "
                + $"({found.Train.Length} and {found.Validation.Length} tokens"
                + $"{(found.Duplicates > 0 ? $"; {found.Duplicates} documents are left out of the latter, since they stand in the former too" : "")})");
        return found;
    }

    private static HeldOutText Cut(string text, ITokenizer tokenizer, double fraction)
    {
        // Characters are code points, as Python counts them; int(n·0.9) of n characters train.
        int characters = 0, at = 0;
        foreach (var _ in text.EnumerateRunes()) characters++;
        int train = (int)(characters * (1 - fraction));
        foreach (var rune in text.EnumerateRunes())
        {
            if (train-- == 0) break;
            at += rune.Utf16SequenceLength;
        }
        return new(tokenizer.Encode(text[..at]), tokenizer.Encode(text[at..]), Duplicates: 0);
    }

    private static HeldOutText Deal(IReadOnlyList<Document> documents, DocumentJoiner joiner, double fraction)
    {
        bool IsHeldOut(int i) => Math.Floor((i + 1) * fraction) > Math.Floor(i * fraction);
        var train = documents.Where((_, i) => !IsHeldOut(i)).ToArray();
        var seen = train.Select(d => EqualDocuments.HashOf(d.Text)).ToHashSet();
        var heldOut = documents.Where((_, i) => IsHeldOut(i)).ToArray();
        var unseen = heldOut.Where(d => !seen.Contains(EqualDocuments.HashOf(d.Text))).ToArray();
        return new(joiner.Join(train), joiner.Join(unseen), heldOut.Length - unseen.Length);
    }
}

/// <summary>One text for training and one for validation.</summary>
/// <param name="Train">[tokens].</param>
/// <param name="Validation">[tokens].</param>
/// <param name="Duplicates">Documents that were to be held out, and were dropped because they stand in the training text too.</param>
public sealed record HeldOutText(int[] Train, int[] Validation, int Duplicates)
{
    public void Deconstruct(out int[] train, out int[] validation) => (train, validation) = (Train, Validation);
}
