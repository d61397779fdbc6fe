using System.Text;

namespace LoraCollab.Data.Corpus;

/// <summary>
/// Which documents also stand in another text: those that share 13 words in a row with it, as in the GPT-3 report (arXiv:2005.14165, appendix C). A word
/// is a run of letters and digits, in
/// lower case. A document of fewer than 13 words overlaps where all of them, in order, are a whole document or line of the other text. Words are compared
/// by 64-bit hashes.
/// </summary>
public sealed class TextOverlap
{
    /// <summary>Words in a row that count as the same text.</summary>
    public const int Words = 13;

    private const ulong Base = 0x9E3779B97F4A7C15;

    private readonly HashSet<ulong> _grams = [];

    /// <param name="texts">The documents of the other text.</param>
    public TextOverlap(IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            _grams.UnionWith(Grams(text));
            if (!text.Contains('\n')) continue;
            foreach (string line in text.Split('\n')) _grams.UnionWith(Grams(line));
        }
    }

    /// <summary>How much of some documents stands in the other text.</summary>
    public OverlapShare Of(IEnumerable<string> documents)
    {
        long count = 0, found = 0, grams = 0, foundGrams = 0;
        foreach (string document in documents)
        {
            long before = foundGrams;
            foreach (ulong gram in Grams(document))
            {
                grams++;
                if (_grams.Contains(gram)) foundGrams++;
            }
            count++;
            if (foundGrams > before) found++;
        }
        return new OverlapShare(count == 0 ? 0 : (double)found / count, grams == 0 ? 0 : (double)foundGrams / grams);
    }

    /// <summary>A hash of every 13 words in a row; of a shorter text one hash of all its words and their number.</summary>
    private static IEnumerable<ulong> Grams(string text)
    {
        var recent = new Queue<ulong>(Words + 1);
        ulong hash = 0, leaving = 1;
        for (int i = 0; i < Words; i++) leaving *= Base;
        foreach (ulong word in WordHashes(text))
        {
            recent.Enqueue(word);
            hash = hash * Base + word;
            if (recent.Count > Words) hash -= leaving * recent.Dequeue();
            if (recent.Count == Words) yield return hash;
        }
        if (recent.Count is > 0 and < Words) yield return hash ^ (ulong)recent.Count;
    }

    /// <summary>FNV-1a over the runes of each word.</summary>
    private static IEnumerable<ulong> WordHashes(string text)
    {
        const ulong Offset = 14695981039346656037, Prime = 1099511628211;
        ulong hash = Offset;
        bool inside = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                hash = (hash ^ (uint)Rune.ToLowerInvariant(rune).Value) * Prime;
                inside = true;
            }
            else if (inside)
            {
                yield return hash;
                (hash, inside) = (Offset, false);
            }
        }
        if (inside) yield return hash;
    }
}

/// <summary>How much of a client's text also stands in another text.</summary>
/// <param name="Documents">Share of its documents that have 13 words in a row in common with it, 0 to 1.</param>
/// <param name="Grams">Share of all their runs of 13 words that stand there.</param>
public sealed record OverlapShare(double Documents, double Grams);
