namespace LoraCollab.Federation.Strategies;

/// <summary>
/// IFCA (Ghosh et al., arXiv:2006.04088): K cluster models go to every client, which takes and trains the one of least loss on its training text; the
/// server averages what the clients of a cluster send back. The first models are K of the clients' adapters, chosen by farthest-first traversal from the
/// one nearest to the mean, where the paper draws them at random; a cluster without clients keeps its model.
/// </summary>
/// <param name="clusters">K; with fewer clients one each.</param>
public sealed class Ifca(int clusters) : Strategy(Declaration)
{
    private static readonly MethodNumber s_clusters = new("ifca.clusters", 4, Least: 1, MethodNumber.MostClients, Whole: true);

    private const string Taken = "method.ifca.taken";
    private const int None = -1;

    private State? _now, _next;

    public static StrategyDeclaration Declaration { get; } = new("ifca", c => new Ifca((int)c.Number(s_clusters)))
    {
        Numbers = [s_clusters],
        Traffic = Traffic.Adapters | Traffic.ServerModels,
        Needs = StrategyNeeds.FullTopology,
        Refuses = o => o.DpClip is null ? null
            : "which cluster a client takes, by its training text, would be seen without noise; leave ifca or privacy out",
    };

    public override bool MixesByWeights => false;

    public override RoundCost Cost(int clients) => new(Math.Min(clusters, clients));

    /// <summary>
    /// s_ij = 1 for the clients whose mean is the model that client i takes. Of a model that nobody sent an adapter for there are none, and the row
    /// is the client itself.
    /// </summary>
    public override TrustScores Score(ITrustRound round)
    {
        var adapters = round.Adapters;
        int[][] members = _now is { } now
            ? [.. now.Models.Select((_, k) => Enumerable.Range(0, adapters.Count).Where(i => now.Taken[round.Ids[i]] == k).ToArray())]
            : [.. FarthestFirst(adapters, Math.Min(clusters, adapters.Count)).Select(i => new[] { i })];
        float[][] models = [.. members.Select((m, k) => m.Length > 0 ? Mean(adapters, m) : _now!.Models[k])];
        double[][] losses = round.Losses(models, ClientText.Training);
        int[] taken = [.. losses.Select(row => Array.IndexOf(row, row.Min()))];
        int[] all = _now?.Taken.ToArray() ?? [.. Enumerable.Repeat(None, round.Everyone)];
        for (int i = 0; i < taken.Length; i++) all[round.Ids[i]] = taken[i];
        _next = new State(models, all);
        return new TrustScores(ScoreMatrix.Fill(adapters.Count, (i, j) => members[taken[i]].Contains(j) ? 1 : 0), TrustNormalisation.Proportional);
    }

    public override Mixed Mix(ITrustRound round, TrustMatrix trust)
    {
        if (_next is not { } next) return new Mixed(AdapterMixer.Mix(round.Adapters, trust)); // a recorded matrix, of which nothing else is known
        (_now, _next) = (next, null);
        return new Mixed([.. round.Ids.Select(i => next.Models[next.Taken[i]])]) { Broadcast = next.Models };
    }

    public override void Save(TensorBag bag)
    {
        if (_now is null) return;
        bag.Add(Taken, _now.Taken);
        for (int k = 0; k < _now.Models.Length; k++) bag.Add(ModelName(k), [_now.Models[k].Length], _now.Models[k]);
    }

    public override void Load(TensorBag bag)
    {
        if (!bag.Contains(Taken)) return;
        int count = 0;
        while (bag.Contains(ModelName(count))) count++;
        _now = new State([.. Enumerable.Range(0, count).Select(k => bag.Floats(ModelName(k)))], bag.Ints(Taken));
    }

    /// <summary>The index of the adapter nearest to the mean, then again and again of the one farthest from those chosen; among equals the lower.</summary>
    private static List<int> FarthestFirst(IReadOnlyList<float[]> adapters, int count)
    {
        float[] mean = Mean(adapters, [.. Enumerable.Range(0, adapters.Count)]);
        var chosen = new List<int> { Enumerable.Range(0, adapters.Count).MinBy(i => ParameterSpace.SquaredDistance(adapters[i], mean)) };
        while (chosen.Count < count)
            chosen.Add(Enumerable.Range(0, adapters.Count).Except(chosen)
                .MaxBy(i => chosen.Min(c => ParameterSpace.SquaredDistance(adapters[i], adapters[c]))));
        return chosen;
    }

    /// <summary>The bits that <see cref="AdapterMixer"/> gives for equal weights.</summary>
    private static float[] Mean(IReadOnlyList<float[]> adapters, int[] members)
    {
        var weights = new double[adapters.Count];
        foreach (int i in members) weights[i] = 1.0 / members.Length;
        return AdapterMixer.Mix(adapters, weights);
    }

    private static string ModelName(int cluster) => FormattableString.Invariant($"method.ifca.model_{cluster}");

    /// <param name="Models">[K][parameters].</param>
    /// <param name="Taken">[N]: the cluster of every client of the run; <see cref="None"/> of those that have not taken part yet.</param>
    private sealed record State(float[][] Models, int[] Taken);
}
