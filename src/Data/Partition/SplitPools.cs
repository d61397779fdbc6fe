namespace LoraCollab.Data.Partition;

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
