using LoraCollab.Data;
using LoraCollab.Engine;

namespace LoraCollab.Federation;

/// <summary>
/// The windows on which a client judges a model in scheme 2. Where its trust-validation text has no more windows than --trust-batches allow it is read whole, in fixed order;
/// else that many batches are drawn, the same for all models of a row, or anew for every pair (trap 6 = paper).
/// </summary>
internal sealed class TrustText
{
    private const int FirstDropoutStream = 1;

    private readonly Workspace _workspace;
    private readonly ClientData _data;
    private readonly int _client, _iteration;
    private readonly EvaluationWindows? _windows;

    public TrustText(Workspace workspace, int client, ClientData data, int iteration)
    {
        (_workspace, _client, _data, _iteration) = (workspace, client, data, iteration);
        var options = workspace.Options;
        Pieces = options.TrustBatches;
        if (!ReadsWhole(options, data)) return;
        _windows = new EvaluationWindows(TextOf(options, data), options.SequenceLength);
        Pieces = _windows.Count;
    }

    /// <summary>Windows or batches whose losses are told one by one.</summary>
    public int Pieces { get; }

    /// <summary>Mean loss of client <paramref name="other"/>'s adapter in nats a token, and of every piece.</summary>
    public double Loss(Lane lane, int other, LoraAdapter adapter, double[] pieceLosses)
    {
        var options = _workspace.Options;
        var dropout = _workspace.EvaluationDropout(_client, _iteration, FirstDropoutStream + other);
        if (_windows is not null) return lane.Evaluator.Evaluate(_windows, adapter, pieceLosses, dropout).Loss;
        int stream = options.Compat.IsPaper(Trap.WindowsPerCell) ? 1 + other : 0, clientsAtMost = 1 << 15;
        var sampler = new BatchSampler(TextOf(options, _data), options.SequenceLength, options.Seed, stream * clientsAtMost + _client, RandomPurpose.TrustWindows);
        return lane.Evaluator.Evaluate((batch, _, inputs, targets) => sampler.Fill(_iteration, (int)batch, inputs, targets),
            options.TrustBatches, options.BatchSize, options.SequenceLength, adapter, pieceLosses, dropout).Loss;
    }

    /// <summary>Tokens that one evaluation reads.</summary>
    public static long Tokens(CollaborationOptions options, ClientData data) =>
        ReadsWhole(options, data) ? TextOf(options, data).Length : (long)options.TrustBatches * options.BatchSize * options.SequenceLength;

    private static bool ReadsWhole(CollaborationOptions options, ClientData data) =>
        !options.Compat.IsPaper(Trap.WindowsPerCell) && TextOf(options, data).Length - 1 <= (long)options.TrustBatches * options.BatchSize * options.SequenceLength;

    private static int[] TextOf(CollaborationOptions options, ClientData data) => options.Compat.IsPaper(Trap.SharedValidation) ? data.ReportValidation : data.TrustValidation;
}
