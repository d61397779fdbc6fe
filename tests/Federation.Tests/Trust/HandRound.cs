namespace LoraCollab.Federation.Tests;

/// <summary>A round of numbers written by hand; what an example does not give it does not ask for.</summary>
internal sealed class HandRound : ITrustRound
{
    private readonly IReadOnlyList<float[]>? _adapters;

    public int Clients { get; init; }

    /// <summary>One target with r = 1, IC = 2, OC = 1, scale 2: the flat adapter is (a1, a2, b), ΔW = 2·b·(a1, a2).</summary>
    public AdapterShape Shape { get; init; } = new([new AdapterTarget("t", 2, 1, 1, 0, 2)], scale: 2);

    public IReadOnlyList<float[]> Adapters
    {
        get => _adapters ?? throw new NotSupportedException();
        init => (_adapters, Clients) = (value, value.Count);
    }

    public IReadOnlyList<float[]> Anchors { get; init; } = [];

    public IReadOnlyList<float[]> Initial { get; init; } = [];

    public IReadOnlyList<double[]>? Shares { get; init; }

    public IReadOnlyList<long> TrainTokens { get; init; } = [];

    /// <summary>Loss of a model on a client's text.</summary>
    public Func<int, float[], ClientText, double> Loss { get; init; } = (_, _, _) => throw new NotSupportedException();

    public TrustLosses ValidationLosses() => new(Losses(Adapters, ClientText.TrustValidation), null);

    public double[][] Losses(IReadOnlyList<float[]> models, ClientText text) =>
        [.. Enumerable.Range(0, Clients).Select(i => models.Select(m => Loss(i, m, text)).ToArray())];

    /// <summary>Gradient of that loss.</summary>
    public Func<int, float[], ClientText, float[]> Gradient { get; init; } = (_, _, _) => throw new NotSupportedException();

    public double[] Losses(IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text) => [.. pairs.Select(p => Loss(p.Client, p.Model, text))];

    public float[][] Gradients(IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text) => [.. pairs.Select(p => Gradient(p.Client, p.Model, text))];

    public IReadOnlyList<TopPredictions> Predictions() => throw new NotSupportedException();
    public TopPredictions BasePredictions() => throw new NotSupportedException();
}
