namespace LoraCollab.Federation.Analysis;

/// <summary>A round of adapters and texts from files, without masks. The base is placed on the backend when the first text is asked for.</summary>
/// <param name="data">The texts, see <see cref="ProbeData"/>; null where none will be asked for.</param>
internal sealed class ProbeRound(IWeights weights, IReadOnlyList<PeftAdapter> adapters, string? data, CollaborationOptions options, ComputeBackend backend)
    : ITrustRound, IDisposable
{
    private const int RowsAtOnce = 1024;

    private ProbeData? _texts;
    private GptModel? _model;

    public int Clients => adapters.Count;

    public AdapterShape Shape { get; } = AdapterShape.From(LoraLayout.Of(weights.Config, adapters[0].Options), adapters[0].Options.Scale);

    public IReadOnlyList<float[]> Adapters { get; } = [.. adapters.Select(a => a.Values)];

    /// <summary>Nobody knows where they began: as if all numbers had been 0.</summary>
    public IReadOnlyList<float[]> Initial { get; } = [.. adapters.Select(a => new float[a.Values.Length])];

    public IReadOnlyList<float[]> Anchors => Initial;

    public IReadOnlyList<double[]>? Shares => null;

    public IReadOnlyList<long> TrainTokens => throw NotInFiles("training text");

    /// <exception cref="UserException">A tensor is missing or has another shape.</exception>
    public TrustLosses ValidationLosses() => new([.. Enumerable.Range(0, Clients).Select(i =>
    {
        var (ids, next, length) = Texts.Validation(i);
        using var pass = Pass(length);
        return OnDevice(adapter => MeanLoss(pass, ids, next, length, adapter));
    })], null);

    /// <exception cref="UserException">The tensor is missing or has another shape.</exception>
    public IReadOnlyList<TopPredictions> Predictions()
    {
        var (ids, length) = Texts.Reference();
        bool last = PublicPositions.Parse(options.PredictionPositions!).Kind == PublicPositionsKind.Last;
        int[] positions = [.. Enumerable.Range(0, ids.Length).Where(row => !last || row % length == length - 1)];
        using var pass = Pass(length);
        using var reader = new PublicPredictions(pass);
        int k = Math.Min(options.PredictionK, weights.Config.Vocabulary);
        return OnDevice(adapter => reader.Read(adapter, ids, length, positions, k, options.PredictionForm!.Value));
    }

    public TopPredictions BasePredictions() => throw NotInFiles("predictions of the base");

    public double[][] Losses(IReadOnlyList<float[]> models, ClientText text) => throw NotInFiles("losses of other models");

    public double[] Losses(IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text) => throw NotInFiles("losses of other models");

    public float[][] Gradients(IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text) => throw NotInFiles("gradients");

    public void Dispose()
    {
        _model?.Dispose();
        _texts?.Dispose();
    }

    private ProbeData Texts => _texts ??= new(data
        ?? throw new OptionException("data", null, $"the scheme {options.Schemes[0]} needs a safetensors file with texts"));

    private GptModel Model => _model ??= GptModel.Frozen(backend, weights);

    private GptPass Pass(int length) => new(Model, backend, Math.Max(1, RowsAtOnce / length), length, PassKind.Forward, adapters[0].Options);

    /// <summary>[N]: of every adapter in turn.</summary>
    private T[] OnDevice<T>(Func<LoraAdapter, T> read) => [.. adapters.Select(a =>
    {
        using var adapter = a.Place(Model);
        return read(adapter);
    })];

    private static double MeanLoss(GptPass pass, int[] inputs, int[] targets, int length, LoraAdapter adapter)
    {
        double nats = 0;
        long tokens = 0;
        int windows = inputs.Length / length;
        for (int first = 0; first < windows; first += pass.MaxBatch)
        {
            int count = Math.Min(pass.MaxBatch, windows - first);
            var sum = pass.Evaluate(inputs.AsSpan(first * length, count * length), targets.AsSpan(first * length, count * length), count, adapter);
            (nats, tokens) = (nats + sum.Nats, tokens + sum.Tokens);
        }
        return nats / tokens;
    }

    private static NotSupportedException NotInFiles(string what) => new($"{what}: not in the files of a probe");
}
