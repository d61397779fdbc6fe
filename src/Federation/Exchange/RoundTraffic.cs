namespace LoraCollab.Federation.Exchange;

/// <summary>
/// What travels in one aggregation, as a strategy's <see cref="Traffic"/> says. With a server: uploads, and an adapter down to everyone, or every neighbour's
/// to those who mix themselves. Between peers: everything goes to every neighbour, and everyone mixes.
/// </summary>
/// <param name="Uploads">[N]: what the clients that take part send.</param>
/// <param name="Mixed">[N]: what they have afterwards.</param>
public sealed record RoundTraffic(IReadOnlyList<Upload> Uploads, IReadOnlyList<float[]> Mixed)
{
    /// <summary>[N]: the clients' numbers; null: 0 … N − 1.</summary>
    public IReadOnlyList<int>? Ids { get; init; }

    /// <summary>Uploads that did not pass the check, with their clients' numbers: they have travelled up, and that was all.</summary>
    public IReadOnlyList<(int Client, Upload Upload)> Refused { get; init; } = [];

    /// <summary>[K]: models that went to every client in place of one of its own; null where there were none.</summary>
    public IReadOnlyList<float[]>? Broadcast { get; init; }

    /// <summary>Numbers of an adapter before this one did not travel.</summary>
    public int From { get; init; }

    /// <summary>[N], where they travel.</summary>
    public IReadOnlyList<TopPredictions>? Predictions { get; init; }

    /// <summary>[N][N], where they travel; NaN where a model was not evaluated.</summary>
    public double[][]? Losses { get; init; }

    /// <summary>
    /// [N][..]: what a server sends beside the mixed adapters, so that clients can correct their weights; between peers everybody has it already.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<float[]>>? Corrections { get; init; }

    /// <summary>[N]: AdamW's moments, where they are mixed too.</summary>
    public IReadOnlyList<float[]>? Moments { get; init; }

    /// <summary>[N], where they are: after the mix.</summary>
    public IReadOnlyList<float[]>? MixedMoments { get; init; }

    /// <summary>All that is sent and received, client by client, seen from the client.</summary>
    /// <param name="topology">Of all clients of the run.</param>
    /// <exception cref="InvalidOperationException">Something would travel that is not declared, or the reverse.</exception>
    public IEnumerable<(int Client, Direction Direction, Parcel Parcel)> Parcels(Traffic traffic, ExchangeModel model, Topology topology)
    {
        Require(traffic, Traffic.Losses, Losses);
        Require(traffic, Traffic.Predictions, Predictions);
        Require(traffic, Traffic.Corrections, Corrections);
        Require(traffic, Traffic.ServerModels, Broadcast);
        int[] ids = [.. Ids ?? [.. Enumerable.Range(0, Uploads.Count)]];
        foreach (var (client, direction, parcel) in OfPresent(traffic, model, topology.Among(Participation.Of(topology.Clients, ids))))
            yield return (ids[client], direction, parcel);
        foreach (var (client, upload) in Refused)
            for (int receiver = 0; receiver < (model == ExchangeModel.Peers ? ids.Count(j => topology.Links(client, j)) : 1); receiver++)
                yield return (client, Direction.Up, new Parcel(Payload.Adapter, s => s.Write(upload.Bytes)));
    }

    private IEnumerable<(int Client, Direction Direction, Parcel Parcel)> OfPresent(Traffic traffic, ExchangeModel model, Topology topology)
    {
        if (traffic == Traffic.None) yield break;
        int n = Uploads.Count;
        bool toPeers = model == ExchangeModel.Peers, gradients = traffic.HasFlag(Traffic.Gradients);
        bool mixesItself = toPeers || traffic.HasFlag(Traffic.PeerAdapters);
        var sent = Enumerable.Range(0, n).Select(Sent).ToArray();
        var forwarded = Enumerable.Range(0, n).Select(Forwarded).ToArray();
        var broadcast = Broadcast?.Select(Whole).ToArray();
        for (int i = 0; i < n; i++)
        {
            int[] peers = [.. Enumerable.Range(0, n).Where(j => j != i && topology.Links(i, j))];
            foreach (var parcel in sent[i])
                for (int receiver = 0; receiver < (toPeers ? peers.Length : 1); receiver++) yield return (i, Direction.Up, parcel);
            if (Losses is not null && !toPeers) yield return (i, Direction.Up, Numbers(Payload.Losses, Evaluated(Losses[i])));
            if (gradients)
                foreach (int _ in peers) yield return (i, Direction.Up, Gradient);
            if (mixesItself)
                foreach (int j in peers)
                    foreach (var parcel in toPeers ? sent[j] : forwarded[j]) yield return (i, Direction.Down, parcel);
            else
                foreach (var parcel in broadcast ?? [Whole(Mixed[i])]) yield return (i, Direction.Down, parcel);
            if (gradients)
                foreach (int _ in peers) yield return (i, Direction.Down, Gradient);
            if (Corrections is not null && !mixesItself)
                foreach (var numbers in Corrections[i]) yield return (i, Direction.Down, Numbers(Payload.Correction, numbers));
            if (MixedMoments is not null && !mixesItself) yield return (i, Direction.Down, Tail(Payload.Moments, MixedMoments[i]));
        }
    }

    /// <summary>The lines of the ledger: the parcels of a client, direction and payload together, in the order they travel.</summary>
    public static IReadOnlyList<LedgerEntry> Entries(string scheme, int iteration, IEnumerable<(int Client, Direction Direction, Parcel Parcel)> parcels) =>
        [.. parcels.GroupBy(p => (p.Client, p.Direction, p.Parcel.Payload)).Select(g =>
            new LedgerEntry(scheme, iteration, g.Key.Client, g.Key.Direction, g.Key.Payload, g.Count(), g.Sum(p => p.Parcel.Length)))];

    private static void Require(Traffic declared, Traffic part, object? travels)
    {
        if (declared.HasFlag(part) != travels is not null)
            throw new InvalidOperationException($"{part}: {(travels is null ? "declared, but nothing travels" : "travels, but is not declared")}");
    }

    private List<Parcel> Sent(int client) => With([new Parcel(Payload.Adapter, s => s.Write(Uploads[client].Bytes))], client, predictions: true);

    /// <summary>
    /// What a server passes on to those who mix themselves: the bytes it got or, where they hold a change of what only it knows, the adapter it read.
    /// </summary>
    private List<Parcel> Forwarded(int client) =>
        With(Uploads[client].Unsent is null ? [new Parcel(Payload.Adapter, s => s.Write(Uploads[client].Bytes))] : [Whole(Uploads[client].Adapter)],
            client, predictions: false);

    private List<Parcel> With(List<Parcel> parcels, int client, bool predictions)
    {
        if (predictions && Predictions is not null) parcels.Add(new Parcel(Payload.Predictions, Predictions[client].Write));
        if (Moments is not null) parcels.Add(Tail(Payload.Moments, Moments[client]));
        return parcels;
    }

    /// <summary>Those of N² pairs are not kept: one as long stands for each.</summary>
    private Parcel Gradient => Tail(Payload.Gradient, new float[Uploads[0].Adapter.Length]);

    private Parcel Whole(float[] adapter) => Tail(Payload.Adapter, adapter);

    /// <summary>The numbers that travel, of vectors as long as an adapter.</summary>
    private Parcel Tail(Payload payload, float[] values) => new(payload, s =>
    {
        int length = Uploads[0].Adapter.Length;
        for (int start = 0; start < values.Length; start += length) PayloadBytes.Write(s, values.AsSpan(start + From, length - From));
    });

    private static Parcel Numbers(Payload payload, float[] values) => new(payload, s => PayloadBytes.Write(s, values));

    private static float[] Evaluated(double[] losses) => [.. losses.Where(double.IsFinite).Select(l => (float)l)];
}
