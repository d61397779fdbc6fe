using System.Runtime.InteropServices;
using System.Text;

namespace LoraCollab.Data.Tokenization;

/// <summary>
/// Learns a byte-level BPE vocabulary in GPT-2's layout: ids 0 to 255 are the bytes, then one id a merge, last &lt;|endoftext|&gt;. Every round merges the pair
/// of neighbours that is most frequent within words (<see cref="Gpt2Splitter"/>); of equally frequent pairs the one with the lowest ids. The result depends on
/// the words and their counts alone, never on the order of the texts. (Sennrich, Haddow, Birch, arXiv:1508.07909; on bytes: Radford et al., 2019.)
/// </summary>
public sealed class BpeTrainer
{
    private readonly record struct Pair(int Left, int Right) : IComparable<Pair>
    {
        public int CompareTo(Pair other) => Left != other.Left ? Left.CompareTo(other.Left) : Right.CompareTo(other.Right);
    }

    private readonly List<int[]> _words = [];
    private readonly List<long> _wordCounts = [];
    private readonly Dictionary<Pair, long> _pairCounts = [];

    // The words that hold, or once held, a pair.
    private readonly Dictionary<Pair, List<int>> _wordsOfPair = [];

    // Entries may be stale: a pair has at least one entry whose count is not below its present one.
    private readonly PriorityQueue<Pair, (long Count, Pair Pair)> _queue =
        new(Comparer<(long Count, Pair Pair)>.Create(
            (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Pair.CompareTo(b.Pair)));

    private BpeTrainer() { }

    /// <summary>Trains on texts; a pair seen only once is never merged, so little text gives fewer tokens than asked for.</summary>
    /// <param name="texts">documents; no pair crosses from one to the next</param>
    /// <param name="vocabularySize">at least 257: 256 bytes and the end of text; at most 1,000,000</param>
    /// <exception cref="UserException">a size out of range, or no text</exception>
    public static Gpt2Tokenizer Train(IEnumerable<string> texts, int vocabularySize)
    {
        if (vocabularySize is < 257 or > 1_000_000)
            throw new UserException($"a byte-level vocabulary has 257 (256 bytes and the end of text) to 1,000,000 tokens, found {vocabularySize}");
        var trainer = new BpeTrainer();
        trainer.CountWords(texts);
        trainer.CountPairs();
        return new Gpt2Tokenizer(trainer.Learn(vocabularySize));
    }

    private void CountWords(IEnumerable<string> texts)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string text in texts)
            foreach (ReadOnlySpan<char> word in new Gpt2Splitter(text))
                CollectionsMarshal.GetValueRefOrAddDefault(bySpan, word, out _)++;
        if (counts.Count == 0) throw new UserException("a tokenizer is trained on text, and the text is empty");
        var idOfByte = new int[256];
        for (int id = 0; id < 256; id++) idOfByte[ByteSymbols.InIdOrder[id]] = id;
        foreach (var (word, count) in counts)
        {
            _words.Add([.. Encoding.UTF8.GetBytes(word).Select(b => idOfByte[b])]);
            _wordCounts.Add(count);
        }
    }

    private void CountPairs()
    {
        for (int w = 0; w < _words.Count; w++)
            for (int i = 0; i + 1 < _words[w].Length; i++)
            {
                var pair = new Pair(_words[w][i], _words[w][i + 1]);
                CollectionsMarshal.GetValueRefOrAddDefault(_pairCounts, pair, out _) += _wordCounts[w];
                Remember(pair, w);
            }
        foreach (var (pair, count) in _pairCounts) _queue.Enqueue(pair, (count, pair));
    }

    private Gpt2Vocabulary Learn(int vocabularySize)
    {
        List<string> tokens = [.. ByteSymbols.InIdOrder.Select(b => ByteSymbols.Symbol(b).ToString())];
        var made = new HashSet<string>(tokens, StringComparer.Ordinal);
        var merges = new List<(string, string)>();
        while (tokens.Count < vocabularySize - 1 && Next() is { } pair)
        {
            string token = tokens[pair.Left] + tokens[pair.Right];
            if (!made.Add(token))
            {
                // Another pair already made these bytes (ab+c and a+bc): one token may stand in the vocabulary once only, so this pair stays two tokens.
                _pairCounts.Remove(pair);
                continue;
            }
            Apply(pair, merged: tokens.Count);
            merges.Add((tokens[pair.Left], tokens[pair.Right]));
            tokens.Add(token);
        }
        tokens.Add(Gpt2Vocabulary.EndOfTextToken);
        return new Gpt2Vocabulary([.. tokens], [.. merges], "the trained tokenizer");
    }

    /// <summary>The most frequent pair, or null where none is seen twice.</summary>
    private Pair? Next()
    {
        while (_queue.TryDequeue(out Pair pair, out var priority))
        {
            if (!_pairCounts.TryGetValue(pair, out long count)) continue;
            if (count == priority.Count) return count > 1 ? pair : null;
            if (count < priority.Count) _queue.Enqueue(pair, (count, pair));
        }
        return null;
    }

    private void Apply(Pair pair, int merged)
    {
        var changes = new Dictionary<Pair, long>();
        foreach (int w in _wordsOfPair[pair])
        {
            int[] before = _words[w], after = Merge(before, pair, merged);
            if (after.Length == before.Length) continue;
            for (int i = 0; i + 1 < before.Length; i++)
                CollectionsMarshal.GetValueRefOrAddDefault(changes, new(before[i], before[i + 1]), out _) -= _wordCounts[w];
            for (int i = 0; i + 1 < after.Length; i++)
            {
                var made = new Pair(after[i], after[i + 1]);
                CollectionsMarshal.GetValueRefOrAddDefault(changes, made, out _) += _wordCounts[w];
                if (made.Left == merged || made.Right == merged) Remember(made, w);
            }
            _words[w] = after;
        }
        foreach (var (changed, difference) in changes)
        {
            if (difference == 0) continue;
            ref long count = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairCounts, changed, out _);
            count += difference;
            if (difference > 0) _queue.Enqueue(changed, (count, changed));
        }
        _pairCounts.Remove(pair);
        _wordsOfPair.Remove(pair);
    }

    private static int[] Merge(int[] word, Pair pair, int merged)
    {
        var result = new List<int>(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            bool match = word[i] == pair.Left && i + 1 < word.Length && word[i + 1] == pair.Right;
            result.Add(match ? merged : word[i]);
            if (match) i++;
        }
        return [.. result];
    }

    private void Remember(Pair pair, int word)
    {
        ref List<int>? words = ref CollectionsMarshal.GetValueRefOrAddDefault(_wordsOfPair, pair, out _);
        words ??= [];
        if (words.Count == 0 || words[^1] != word) words.Add(word);
    }
}
