namespace LoraCollab.Data.Tokenization;

/// <summary>
/// Byte-pair merging of one word by a heap, in O(n log n). The library needs O(n²), which a file without blanks turns into minutes; words of ordinary length
/// are left to it. The rule: of all neighbours that form a merge take the lowest rank, of equal ranks the leftmost; repeat until none is left.
/// </summary>
internal sealed class WordMerger
{
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> _merges;
    private readonly int[] _byteIds = new int[256];

    public WordMerger(Gpt2Vocabulary vocabulary)
    {
        _merges = new(vocabulary.Merges.Length);
        for (int rank = 0; rank < vocabulary.Merges.Length; rank++)
        {
            var (left, right) = vocabulary.Merges[rank];
            _merges.TryAdd((vocabulary.Ids[left], vocabulary.Ids[right]), (rank, vocabulary.Ids[left + right]));
        }
        for (int b = 0; b < 256; b++) _byteIds[b] = vocabulary.Ids[ByteSymbols.Symbol((byte)b).ToString()];
    }

    public int[] Encode(ReadOnlySpan<byte> word)
    {
        const int Gone = -1;
        var symbols = new int[word.Length];
        var previous = new int[word.Length];
        var next = new int[word.Length];
        for (int i = 0; i < word.Length; i++) (symbols[i], previous[i], next[i]) = (_byteIds[word[i]], i - 1, i + 1);

        var heap = new PriorityQueue<(int At, int Left, int Right), (int Rank, int At)>();
        void Offer(int at)
        {
            if (at >= 0 && next[at] < symbols.Length && _merges.TryGetValue((symbols[at], symbols[next[at]]), out var merge))
                heap.Enqueue((at, symbols[at], symbols[next[at]]), (merge.Rank, at));
        }
        for (int i = 0; i < word.Length - 1; i++) Offer(i);

        while (heap.TryDequeue(out var pair, out _))
        {
            // An offer is stale once either side has been merged into something else.
            if (symbols[pair.At] != pair.Left || next[pair.At] >= symbols.Length || symbols[next[pair.At]] != pair.Right) continue;
            int eaten = next[pair.At];
            symbols[pair.At] = _merges[(pair.Left, pair.Right)].Merged;
            symbols[eaten] = Gone;
            next[pair.At] = next[eaten];
            if (next[eaten] < symbols.Length) previous[next[eaten]] = pair.At;
            Offer(previous[pair.At]);
            Offer(pair.At);
        }
        return [.. symbols.Where(s => s != Gone)];
    }
}
