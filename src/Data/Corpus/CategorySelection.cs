using System.Globalization;

namespace LoraCollab.Data.Corpus;

/// <summary>A corpus reduced to chosen categories, in the chosen order.</summary>
internal static class CategorySelection
{
    private const string Top = "top:";

    /// <param name="chosen">Names; or "top:K" alone: the K with most documents, largest first.</param>
    /// <param name="origin">What the corpus was read from and how, for a message.</param>
    public static ICorpus Select(ICorpus corpus, IReadOnlyList<string> chosen, string origin)
    {
        if (corpus.Categories.Count == 0)
            throw new UserException($"{origin}: categories {string.Join(", ", chosen)} were asked for, but this data has no categories; "
                + "give data that has, such as AG News' folder or a folder with a text file for each category (docs/data.md)");
        if (corpus.Clients.Count > 0)
            throw new UserException($"{corpus.Name}: the data names its clients; leave categories {string.Join(", ", chosen)} out, and name fewer clients");
        if (chosen is [var only] && MostOf(only, corpus) is { } largest) chosen = largest;
        var index = new int[corpus.Categories.Count];
        Array.Fill(index, Document.None);
        var places = corpus.Categories.Index().ToDictionary(c => c.Item, c => c.Index);
        for (int c = 0; c < chosen.Count; c++)
        {
            if (!places.TryGetValue(chosen[c], out int old))
                throw new UserException($"{corpus.Name}: there is no category '{chosen[c]}'; it has {string.Join(", ", corpus.Categories.Take(20))}");
            if (index[old] >= 0) throw new UserException($"{corpus.Name}: category '{chosen[c]}' is named twice");
            index[old] = c;
        }
        var documents = corpus.Documents.Where(d => index[d.Category] >= 0).Select(d => d with { Category = index[d.Category] });
        return new DocumentCorpus(corpus.Name, [.. chosen], [.. documents], corpus.Order, notes: corpus.Notes);
    }

    private static string[]? MostOf(string text, ICorpus corpus)
    {
        if (!text.StartsWith(Top, StringComparison.Ordinal) || corpus.Categories.Contains(text)) return null;
        if (!int.TryParse(text[Top.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int k) || k < 1 || k > corpus.Categories.Count)
            throw new UserException(
                $"{corpus.Name}: categories '{text}': expected top:K with K from 1 to the {corpus.Categories.Count} categories of the data");
        var documents = new int[corpus.Categories.Count];
        foreach (var document in corpus.Documents) documents[document.Category]++;
        return [.. Enumerable.Range(0, documents.Length).OrderByDescending(c => documents[c]).Take(k).Select(c => corpus.Categories[c])];
    }
}
