namespace LoraCollab.Data.Partition;

/// <summary>
/// The documents of one category (or of one client's own data) in seeded order, given out once each. Documents are encoded when they are first needed.
/// </summary>
internal sealed class DocumentPool
{
    private readonly IReadOnlyList<Document> _documents;
    private readonly int[] _order;
    private readonly DocumentJoiner _joiner;
    private readonly int[]?[] _ids;
    private int _next;

    /// <param name="name">for error messages</param>
    /// <param name="documents">of the whole corpus</param>
    /// <param name="members">indices of the documents of this pool</param>
    /// <param name="joiner">makes ids of them</param>
    /// <param name="random">gives their order</param>
    public DocumentPool(string name, IReadOnlyList<Document> documents, IEnumerable<int> members, DocumentJoiner joiner, CounterRandom random)
    {
        (Name, _documents, _joiner) = (name, documents, joiner);
        _order = [.. members];
        random.Shuffle<int>(_order);
        _ids = new int[_order.Length][];
    }

    public string Name { get; }
    public int DocumentCount => _order.Length;

    /// <summary>The tokens of all its documents, separators included.</summary>
    public long TokenCount() => Enumerable.Range(0, _order.Length).Sum(i => (long)Ids(i).Length);

    /// <summary>Starts anew: every document can be given out again.</summary>
    public void Reset() => _next = 0;

    /// <summary>
    /// Takes whole documents until exactly <paramref name="tokens"/> ids are reached, the last one cut (and ended by the separator). False where the pool runs
    /// dry.
    /// </summary>
    public bool TryTake(int tokens, List<Piece> pieces)
    {
        for (int left = tokens; left > 0;)
        {
            if (_next == _order.Length) return false;
            int[] ids = Ids(_next);
            if (ids.Length > left)
            {
                ids = ids[..left];
                if (left > 1 && _joiner.Separator is { } separator) ids[^1] = separator;
            }
            pieces.Add(new Piece(_order[_next], _documents[_order[_next]].Category, ids));
            left -= ids.Length;
            _next++;
        }
        return true;
    }

    private int[] Ids(int position) => _ids[position] ??= _joiner.Encode(_documents[_order[position]].Text);
}

/// <summary>Text that a client names for one split alone: a pool for each such split of each client.</summary>
internal sealed class SplitPools
{
    private readonly Dictionary<(DocumentPart Part, int Client), DocumentPool> _pools = [];

    /// <param name="corpus">The documents and whose they are.</param>
    /// <param name="repeated">Which of them stand for nothing, since an equal one does.</param>
    /// <param name="joiner">Makes ids of them.</param>
    /// <param name="seed">Gives their order.</param>
    /// <param name="stream">The first random stream that nobody else uses.</param>
    public SplitPools(ICorpus corpus, bool[] repeated, DocumentJoiner joiner, ulong seed, int stream)
    {
        var members = Enumerable.Range(0, corpus.Documents.Count)
            .Where(d => corpus.Documents[d].Part != DocumentPart.Any && !repeated[d])
            .GroupBy(d => (corpus.Documents[d].Part, corpus.Documents[d].Client));
        foreach (var group in members)
        {
            var (part, client) = group.Key;
            string name = $"the {(part == DocumentPart.Trust ? "trust" : "report")} text of client {corpus.Clients[client]}";
            var random = new CounterRandom(seed, RandomPurpose.DocumentOrder, stream + 2 * client + (part == DocumentPart.Trust ? 0 : 1));
            _pools.Add(group.Key, new DocumentPool(name, corpus.Documents, group, joiner, random));
        }
    }

    /// <summary>Null where the client names no such text.</summary>
    public DocumentPool? Of(DocumentPart part, int client) => _pools.GetValueOrDefault((part, client));

    /// <summary>Every document can be given out again.</summary>
    public void Reset()
    {
        foreach (var pool in _pools.Values) pool.Reset();
    }
}

/// <summary>The pieces of documents that every split is given.</summary>
internal sealed class Deal(int clients)
{
    public List<Piece> Reference { get; } = [];
    public List<Piece>[] Report { get; } = New(clients);
    public List<Piece>[] Trust { get; set; } = New(clients);
    public List<Piece>[] Train { get; } = New(clients);

    private static List<Piece>[] New(int clients) => [.. Enumerable.Range(0, clients).Select(_ => new List<Piece>())];
}

/// <summary>The part of one document that is in a split.</summary>
internal readonly record struct Piece(int Document, int Category, int[] Ids);
