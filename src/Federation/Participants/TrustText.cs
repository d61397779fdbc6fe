namespace LoraCollab.Federation.Participants;

/// <summary>
/// The windows on which a client judges a model in scheme 2. Where its trust-validation text has no more windows than
/// <see cref="CollaborationOptions.TrustBatches"/> allow it is read whole, in fixed order; else that many batches are drawn, the same for all models of a row,
/// or anew for every pair (trap 6 = paper).
/// </summary>
internal sealed class TrustText
{
    private const int FirstDropoutStream = 1;

    private readonly Workspace _workspace;
    private readonly int _client, _iteration;
    private readonly int[] _text;
    private readonly EvaluationWindows? _windows;

    /// <param name="kind">Training text is cut to the length of the trust-validation text.</param>
    public TrustText(Workspace workspace, int client, ClientData data, int iteration, ClientText kind = ClientText.TrustValidation)
    {
        (_workspace, _client, _iteration) = (workspace, client, iteration);
        var options = workspace.Options;
        var judged = TextOf(options, data);
        _text = kind == ClientText.TrustValidation ? judged : data.Train[..Math.Min(judged.Length, data.Train.Length)];
        ReadTokens = Tokens(options, _text);
        Pieces = options.TrustBatches;
        if (!ReadsWhole(options, _text)) return;
        _windows = new EvaluationWindows(_text, options.SequenceLength);
        Pieces = _windows.Count;
    }

    /// <summary>Tokens that one evaluation reads.</summary>
    public long ReadTokens { get; }

    /// <summary>Windows or batches whose losses are told one by one.</summary>
    public int Pieces { get; }

    /// <summary>Mean loss of client <paramref name="other"/>'s adapter in nats a token, and of every piece.</summary>
    public double Loss(Lane lane, int other, LoraAdapter adapter, double[] pieceLosses)
    {
        var options = _workspace.Options;
        var dropout = _workspace.EvaluationDropout(_client, _iteration, FirstDropoutStream + other);
        if (_windows is not null) return lane.Evaluator.Evaluate(_windows, adapter, pieceLosses, dropout).Loss;
        var sampler = Sampler(options.Compat.IsPaper(Trap.WindowsPerCell) ? 1 + other : 0);
        return lane.Evaluator.Evaluate((batch, _, inputs, targets) => sampler.Fill(_iteration, (int)batch, inputs, targets),
            options.TrustBatches, options.BatchSize, options.SequenceLength, adapter, pieceLosses, dropout).Loss;
    }

    /// <summary>True where pieces are windows of the whole text, not drawn batches.</summary>
    public bool ReadsAll => _windows is not null;

    /// <summary>How much of the mean loss a piece makes: its part of the tokens that count.</summary>
    public double Share(int piece) => _windows is null ? 1.0 / Pieces : (double)Counted(piece) / _windows.PredictedTokens;

    /// <summary>The tokens that a piece predicts from, window after window.</summary>
    /// <param name="piece">Its number.</param>
    /// <param name="other">Whose adapter is judged, where windows are drawn for every pair.</param>
    public int[] Read(int piece, int other)
    {
        var options = _workspace.Options;
        int[] inputs = new int[(_windows is null ? options.BatchSize : 1) * options.SequenceLength], targets = new int[inputs.Length];
        if (_windows is not null) return inputs[.._windows.Fill(piece, 1, inputs, targets)];
        Sampler(options.Compat.IsPaper(Trap.WindowsPerCell) ? 1 + other : 0).Fill(_iteration, piece, inputs, targets);
        return inputs;
    }

    private int Counted(int window) => _windows!.Fill(window, 1, new int[_windows.SequenceLength], new int[_windows.SequenceLength]);

    /// <summary>[parameters]: gradient of the mean loss of a model, without dropout.</summary>
    public float[] Gradient(Lane lane, float[] model)
    {
        var options = _workspace.Options;
        var (pass, adapter) = (lane.Training, lane.TrainablePeer(model));
        int rows = _windows is null ? options.BatchSize : pass.MaxBatch, length = options.SequenceLength;
        int[] inputs = new int[rows * length], targets = new int[rows * length];
        pass.Lane.Fill(adapter.Gradient, 0);
        if (_windows is not null)
            for (int first = 0; first < _windows.Count; first += rows)
            {
                int counted = _windows.Fill(first, rows, inputs, targets);
                pass.Gradient(inputs, targets, rows, adapter, DropoutDraw.None, (double)counted / _windows.PredictedTokens);
            }
        else
        {
            var sampler = Sampler(options.Compat.IsPaper(Trap.WindowsPerCell) ? 1 + _client : 0);
            for (int batch = 0; batch < options.TrustBatches; batch++)
            {
                sampler.Fill(_iteration, batch, inputs, targets);
                pass.Gradient(inputs, targets, rows, adapter, DropoutDraw.None, 1.0 / options.TrustBatches);
            }
        }
        var gradient = new float[model.Length];
        pass.Lane.Download(gradient, adapter.Gradient);
        return gradient;
    }

    /// <summary>Tokens that one evaluation of a client's trust-validation text reads.</summary>
    public static long Tokens(CollaborationOptions options, ClientData data) => Tokens(options, TextOf(options, data));

    private BatchSampler Sampler(int stream)
    {
        const int ClientsAtMost = 1 << 15;
        return new BatchSampler(
            _text, _workspace.Options.SequenceLength, _workspace.Options.Seed, stream * ClientsAtMost + _client, RandomPurpose.TrustWindows);
    }

    private static long Tokens(CollaborationOptions options, int[] text) =>
        ReadsWhole(options, text) ? text.Length : (long)options.TrustBatches * options.BatchSize * options.SequenceLength;

    private static bool ReadsWhole(CollaborationOptions options, int[] text) =>
        !options.Compat.IsPaper(Trap.WindowsPerCell) && text.Length - 1 <= (long)options.TrustBatches * options.BatchSize * options.SequenceLength;

    private static int[] TextOf(CollaborationOptions options, ClientData data) =>
        options.Compat.IsPaper(Trap.SharedValidation) ? data.ReportValidation : data.TrustValidation;
}
