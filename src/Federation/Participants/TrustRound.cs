namespace LoraCollab.Federation.Participants;

/// <summary>One aggregation of a running or recorded collaboration: computes what the scheme asks for, once, on all lanes.</summary>
internal sealed class TrustRound : ITrustRound
{
    private readonly Workspace _workspace;
    private readonly FederatedData _data;
    private readonly ClientData[] _clients;
    private readonly Topology _all, _topology;
    private readonly int _iteration;
    private readonly Action<long> _advance;
    private readonly CancellationToken _stop;
    private TrustLosses? _losses;
    private IReadOnlyList<TopPredictions>? _predictions;
    private TopPredictions? _basePredictions;

    /// <param name="adapters">Of those who take part.</param>
    /// <param name="topology">Of all clients.</param>
    /// <param name="advance">Told the tokens that were read.</param>
    public TrustRound(
        Workspace workspace, FederatedData data, RoundAdapters adapters, Topology topology, int iteration, Action<long> advance, CancellationToken stop)
    {
        (_workspace, _data, _all, _iteration, _advance, _stop) = (workspace, data, topology, iteration, advance, stop);
        (Adapters, Anchors, Initial) = (adapters.Now, adapters.Anchors, adapters.Initial);
        (_topology, Ids, _clients) = (topology.Among(adapters.Who), adapters.Who.Present, [.. adapters.Who.Of(data.Clients)]);
        Shares = _clients.All(c => c.Shares.Length > 0) ? [.. _clients.Select(c => c.Shares)] : null;
        TrainTokens = [.. _clients.Select(c => (long)c.Train.Length)];
    }

    public int Clients => _clients.Length;
    public IReadOnlyList<int> Ids { get; }
    public int Everyone => _data.Clients.Count;
    public int Neighbourhood(int i) => _all.Neighbourhood(Ids[i]);
    public bool Links(int i, int j) => _topology.Links(i, j);
    public AdapterShape Shape => _workspace.Shape;
    public IReadOnlyList<float[]> Adapters { get; }
    public IReadOnlyList<float[]> Anchors { get; }
    public IReadOnlyList<float[]> Initial { get; }
    public IReadOnlyList<double[]>? Shares { get; }
    public IReadOnlyList<long> TrainTokens { get; }

    /// <summary>What the scheme asked for; null where it did not.</summary>
    public TrustLosses? AskedLosses => _losses;

    /// <inheritdoc cref="AskedLosses"/>
    public IReadOnlyList<TopPredictions>? AskedPredictions => _predictions;

    /// <summary>Evaluations of a model on one client's text that were made, gradients among them.</summary>
    public long Evaluations { get; private set; }

    public TrustLosses ValidationLosses() => _losses ??= Validate();

    public IReadOnlyList<TopPredictions> Predictions() => _predictions ??= Predict(Adapters, Ids);

    /// <summary>
    /// What the clients start from predicts: the base, since a fresh adapter has B = 0, or the base with the adapter that the run starts from. In both cases
    /// that of client 0 stands for all: own A (trap 2 = paper) differ only where B = 0.
    /// </summary>
    public TopPredictions BasePredictions() => _basePredictions ??= Predict([Initial[0]], [0])[0];

    public double[][] Losses(IReadOnlyList<float[]> models, ClientText text)
    {
        var texts = _clients.Select((c, i) => new TrustText(_workspace, Ids[i], c, _iteration, text)).ToArray();
        double[][] mean = [.. texts.Select(_ => new double[models.Count])];
        var cells = Enumerable.Range(0, Clients).SelectMany(i => Enumerable.Range(0, models.Count).Select(m => (i, m))).ToArray();
        _workspace.Lanes.ForEach(cells.Length, (lane, cell) =>
        {
            _stop.ThrowIfCancellationRequested();
            var (i, m) = cells[cell];
            mean[i][m] = texts[i].Loss(lane, m, lane.Peer(models[m]), new double[texts[i].Pieces]);
            _advance(texts[i].ReadTokens);
        }, OpPhase.Trust);
        Evaluations += cells.Length;
        return mean;
    }

    public double[] Losses(IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text) =>
        OfPairs(pairs, text, 1,
            (lane, judge, pair) => judge.Loss(lane, Ids[pair.Client], lane.Peer(pair.Model), new double[judge.Pieces]));

    public float[][] Gradients(IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text) =>
        OfPairs(pairs, text, ITrustRound.TrainingCost, (lane, judge, pair) => judge.Gradient(lane, pair.Model));

    private T[] OfPairs<T>(
        IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text, double cost, Func<Lane, TrustText, (int Client, float[] Model), T> ask)
    {
        var texts = pairs.Select(p => p.Client).Distinct().ToDictionary(i => i, i => new TrustText(_workspace, Ids[i], _clients[i], _iteration, text));
        var answers = new T[pairs.Count];
        _workspace.Lanes.ForEach(answers.Length, (lane, p) =>
        {
            _stop.ThrowIfCancellationRequested();
            var judge = texts[pairs[p].Client];
            answers[p] = ask(lane, judge, pairs[p]);
            _advance((long)(cost * judge.ReadTokens));
        }, OpPhase.Trust);
        Evaluations += answers.Length;
        return answers;
    }

    private TrustLosses Validate()
    {
        int n = Clients;
        var texts = _clients.Select((c, i) => new TrustText(_workspace, Ids[i], c, _iteration)).ToArray();
        var mean = ScoreMatrix.Fill(n, (_, _) => double.NaN);
        var pieces = new double[n, n][];
        var cells = Enumerable.Range(0, n).SelectMany(i => Enumerable.Range(0, n).Select(j => (i, j))).Where(c => _topology.Links(c.i, c.j)).ToArray();
        _workspace.Lanes.ForEach(cells.Length, (lane, cell) =>
        {
            _stop.ThrowIfCancellationRequested();
            var (i, j) = cells[cell];
            pieces[i, j] = new double[texts[i].Pieces];
            mean[i][j] = texts[i].Loss(lane, Ids[j], lane.Peer(Adapters[j]), pieces[i, j]);
            _advance(texts[i].ReadTokens);
        }, OpPhase.Trust);
        Evaluations += cells.Length;
        bool paired = !_workspace.Options.Compat.IsPaper(Trap.WindowsPerCell);
        return new TrustLosses(mean, paired && n > 1 ? [.. Enumerable.Range(0, n).Select(i => MedianError(i, pieces))] : null);
    }

    /// <summary>Median over j ≠ i of the standard error of the mean of loss_ij − loss_ii over the pieces.</summary>
    private static double MedianError(int i, double[,][] pieces) => ScoreMatrix.Median(
        Enumerable.Range(0, pieces.GetLength(0)).Where(j => j != i && pieces[i, j] is { Length: > 1 }).Select(j =>
        {
            double[] differences = [.. pieces[i, j].Zip(pieces[i, i], (other, own) => other - own)];
            double mean = differences.Average(), variance = differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1);
            return Math.Sqrt(variance / differences.Length);
        }));

    private TopPredictions[] Predict(IReadOnlyList<float[]> models, IReadOnlyList<int> ids)
    {
        const int DropoutStream = -1;
        var options = _workspace.Options;
        var batch = PublicBatch.Draw(options, _data.Reference, _iteration);
        var predictions = new TopPredictions[models.Count];
        int k = Math.Min(options.PredictionK, _workspace.Model.Config.Vocabulary);
        _workspace.Lanes.ForEach(models.Count, (lane, i) =>
        {
            _stop.ThrowIfCancellationRequested();
            var dropout = _workspace.EvaluationDropout(ids[i], _iteration, DropoutStream);
            predictions[i] = lane.Predictions.Read(lane.Peer(models[i]), batch.Ids, options.SequenceLength, batch.Positions, k,
                options.PredictionForm!.Value, dropout);
            _advance(batch.Ids.Length);
        }, OpPhase.Trust);
        Evaluations += models.Count;
        return predictions;
    }
}

/// <summary>The adapters that an aggregation is about, [M][parameters] each, of the M clients that take part.</summary>
/// <param name="Who">Which.</param>
/// <param name="Now">As they are sent.</param>
/// <param name="Anchors">After the last mix; before the first the initial ones.</param>
/// <param name="Initial">Before training.</param>
internal sealed record RoundAdapters(Participation Who, IReadOnlyList<float[]> Now, IReadOnlyList<float[]> Anchors, IReadOnlyList<float[]> Initial)
{
    /// <summary>The clients' adapters as they are.</summary>
    /// <param name="clients">All of the run.</param>
    public static RoundAdapters Of(Participation who, IReadOnlyList<Client> clients) => Of(who, clients, [.. who.Of(clients).Select(c => c.Upload())]);

    /// <param name="clients">All of the run.</param>
    /// <param name="sent">[M][parameters]: what is read from their uploads.</param>
    public static RoundAdapters Of(Participation who, IReadOnlyList<Client> clients, IReadOnlyList<float[]> sent) =>
        new(who, sent, [.. who.Of(clients).Select(c => c.Anchor)], [.. who.Of(clients).Select(c => c.Initial)]);
}
