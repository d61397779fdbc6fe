namespace LoraCollab.Federation;

/// <summary>
/// The bytes of one aggregation. With a server: an adapter up and the mixed one down; for prediction trust the predictions up too; for validation trust every neighbour's adapter
/// down and the losses up, and the client mixes. Between peers: everything goes to every neighbour, and everyone mixes.
/// </summary>
/// <param name="Adapters">[N]: what the clients send.</param>
/// <param name="Mixed">[N]: what they have afterwards.</param>
public sealed record RoundTraffic(IReadOnlyList<float[]> Adapters, IReadOnlyList<float[]> Mixed)
{
    /// <summary>[K]: models that went to every client in place of one of its own; null where there were none.</summary>
    public IReadOnlyList<float[]>? Broadcast { get; init; }

    /// <summary>Numbers of an adapter before this one did not travel.</summary>
    public int From { get; init; }

    /// <summary>[N], where the scheme asked for them.</summary>
    public IReadOnlyList<TopPredictions>? Predictions { get; init; }

    /// <summary>[N][N], where the scheme asked for them; NaN where a model was not evaluated.</summary>
    public double[][]? Losses { get; init; }

    /// <summary>The lines of the ledger, client by client.</summary>
    public IReadOnlyList<LedgerEntry> Entries(string scheme, int iteration, Exchange exchange, ExchangeModel model, Topology topology)
    {
        var entries = new List<LedgerEntry>();
        if (exchange == Exchange.None) return entries;
        for (int i = 0; i < Adapters.Count; i++)
        {
            int[] peers = [.. Enumerable.Range(0, Adapters.Count).Where(j => j != i && topology.Links(i, j))];
            bool toPeers = model == ExchangeModel.Peers, mixesItself = toPeers || exchange == Exchange.AllAdapters;
            int receivers = toPeers ? peers.Length : 1;
            Add(i, Direction.Up, Payload.Adapter, receivers, receivers * Bytes(Adapters[i]));
            if (Predictions is not null) Add(i, Direction.Up, Payload.Predictions, receivers, receivers * PayloadBytes.Of(Predictions[i]));
            if (Losses is not null && !toPeers) Add(i, Direction.Up, Payload.Losses, 1, PayloadBytes.Of(Evaluated(Losses[i])));
            if (mixesItself) Add(i, Direction.Down, Payload.Adapter, peers.Length, peers.Sum(j => Bytes(Adapters[j])));
            else if (Broadcast is not null) Add(i, Direction.Down, Payload.Adapter, Broadcast.Count, Broadcast.Sum(Bytes));
            else Add(i, Direction.Down, Payload.Adapter, 1, Bytes(Mixed[i]));
            if (Predictions is not null && toPeers) Add(i, Direction.Down, Payload.Predictions, peers.Length, peers.Sum(j => PayloadBytes.Of(Predictions[j])));
        }
        return entries;

        void Add(int client, Direction direction, Payload payload, int count, long bytes)
        {
            if (count > 0) entries.Add(new LedgerEntry(scheme, iteration, client, direction, payload, count, bytes));
        }
    }

    private long Bytes(float[] adapter) => PayloadBytes.Of(adapter.AsSpan(From));

    private static float[] Evaluated(double[] losses) => [.. losses.Where(double.IsFinite).Select(l => (float)l)];
}
