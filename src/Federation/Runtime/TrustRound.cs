namespace LoraCollab.Federation;

/// <summary>One aggregation of a running collaboration: computes what the scheme asks for, once, on all lanes.</summary>
internal sealed class TrustRound : ITrustRound
{
    private readonly Workspace _workspace;
    private readonly IReadOnlyList<Client> _clients;
    private readonly int[] _reference;
    private readonly Topology _topology;
    private readonly int _iteration;
    private readonly Action<long> _advance;
    private readonly CancellationToken _stop;
    private TrustLosses? _losses;
    private IReadOnlyList<TopPredictions>? _predictions;

    /// <param name="advance">Told the tokens that were read.</param>
    public TrustRound(Workspace workspace, IReadOnlyList<Client> clients, int[] reference, Topology topology, int iteration, Action<long> advance, CancellationToken stop)
    {
        (_workspace, _clients, _reference, _topology, _iteration, _advance, _stop) = (workspace, clients, reference, topology, iteration, advance, stop);
        Adapters = [.. clients.Select(c => c.Adapter())];
        Anchors = [.. clients.Select(c => c.Anchor)];
        Shares = clients.All(c => c.Data.Shares.Length > 0) ? [.. clients.Select(c => c.Data.Shares)] : null;
        TrainTokens = [.. clients.Select(c => (long)c.Data.Train.Length)];
    }

    public int Clients => _clients.Count;
    public AdapterShape Shape => _workspace.Shape;
    public IReadOnlyList<float[]> Adapters { get; }
    public IReadOnlyList<float[]> Anchors { get; }
    public IReadOnlyList<double[]>? Shares { get; }
    public IReadOnlyList<long> TrainTokens { get; }

    /// <summary>What the scheme asked for; null where it did not.</summary>
    public TrustLosses? AskedLosses => _losses;

    /// <inheritdoc cref="AskedLosses"/>
    public IReadOnlyList<TopPredictions>? AskedPredictions => _predictions;

    /// <summary>Evaluations of a model on one client's text that were made.</summary>
    public long Evaluations { get; private set; }

    public TrustLosses ValidationLosses() => _losses ??= Validate();

    public IReadOnlyList<TopPredictions> Predictions() => _predictions ??= Predict();

    private TrustLosses Validate()
    {
        int n = Clients;
        var texts = _clients.Select(c => new TrustText(_workspace, c.Id, c.Data, _iteration)).ToArray();
        var mean = ScoreMatrix.Fill(n, (_, _) => double.NaN);
        var pieces = new double[n, n][];
        var cells = Enumerable.Range(0, n).SelectMany(i => Enumerable.Range(0, n).Select(j => (i, j))).Where(c => _topology.Links(c.i, c.j)).ToArray();
        _workspace.Lanes.ForEach(cells.Length, (lane, cell) =>
        {
            _stop.ThrowIfCancellationRequested();
            var (i, j) = cells[cell];
            pieces[i, j] = new double[texts[i].Pieces];
            mean[i][j] = texts[i].Loss(lane, j, _clients[j].Trainer.Adapter, pieces[i, j]);
            _advance(TrustText.Tokens(_workspace.Options, _clients[i].Data));
        });
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

    private TopPredictions[] Predict()
    {
        const int DropoutStream = -1;
        var options = _workspace.Options;
        var batch = PublicBatch.Draw(options, _reference, _iteration);
        var predictions = new TopPredictions[Clients];
        int k = Math.Min(options.PredictionK, _workspace.Model.Config.Vocabulary);
        _workspace.Lanes.ForEach(Clients, (lane, i) =>
        {
            _stop.ThrowIfCancellationRequested();
            var dropout = _workspace.EvaluationDropout(i, _iteration, DropoutStream);
            predictions[i] = lane.Predictions.Read(_clients[i].Trainer.Adapter, batch.Ids, options.SequenceLength, batch.Positions, k, options.PredictionForm!.Value, dropout);
            _advance(batch.Ids.Length);
        });
        Evaluations += Clients;
        return predictions;
    }
}
