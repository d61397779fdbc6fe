namespace LoraCollab.Data;

/// <summary>A corpus reduced to chosen categories, in the chosen order.</summary>
internal static class CategorySelection
{
    public static ICorpus Select(ICorpus corpus, IReadOnlyList<string> chosen)
    {
        if (corpus.Categories.Count == 0) throw new UserException($"{corpus.Name}: categories {string.Join(", ", chosen)} were asked for, but this data has no categories");
        var index = new int[corpus.Categories.Count];
        Array.Fill(index, Document.None);
        for (int c = 0; c < chosen.Count; c++)
        {
            int old = corpus.Categories.ToList().IndexOf(chosen[c]);
            if (old < 0) throw new UserException($"{corpus.Name}: there is no category '{chosen[c]}'; it has {string.Join(", ", corpus.Categories.Take(20))}");
            if (index[old] >= 0) throw new UserException($"{corpus.Name}: category '{chosen[c]}' is named twice");
            index[old] = c;
        }
        return new DocumentCorpus(corpus.Name, [.. chosen], [.. corpus.Documents.Where(d => index[d.Category] >= 0).Select(d => d with { Category = index[d.Category] })], corpus.Order);
    }
}
