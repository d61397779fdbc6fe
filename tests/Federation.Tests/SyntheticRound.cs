namespace LoraCollab.Federation.Tests;

/// <summary>A round with made-up adapters, losses and predictions, whose clients can be put into another order.</summary>
internal sealed class SyntheticRound : ITrustRound
{
    private readonly TrustLosses _losses;
    private readonly TopPredictions[] _predictions;
    private readonly TopPredictions _base;

    private SyntheticRound(AdapterShape shape, float[][] adapters, float[][] anchors, double[][] shares, long[] tokens, TrustLosses losses,
        TopPredictions[] predictions,
        TopPredictions basis)
    {
        (Shape, Adapters, Anchors, Shares, TrainTokens) = (shape, adapters, anchors, shares, tokens);
        (_losses, _predictions, _base) = (losses, predictions, basis);
    }

    private Func<int, int, bool> _links = (_, _) => true;

    public int Clients => Adapters.Count;
    public bool Links(int i, int j) => _links(i, j);
    public AdapterShape Shape { get; }
    public IReadOnlyList<float[]> Adapters { get; }
    public IReadOnlyList<float[]> Anchors { get; }
    public IReadOnlyList<float[]> Initial => [.. Adapters.Select(a => new float[a.Length])];
    public IReadOnlyList<double[]> Shares { get; }
    public IReadOnlyList<long> TrainTokens { get; }
    public TrustLosses ValidationLosses() => _losses;
    public IReadOnlyList<TopPredictions> Predictions() => _predictions;
    public TopPredictions BasePredictions() => _base;

    public double[][] Losses(IReadOnlyList<float[]> models, ClientText text) => [.. Shares.Select((_, i) => models.Select(m => Loss(i, m, text)).ToArray())];

    public double[] Losses(IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text) => [.. pairs.Select(p => Loss(p.Client, p.Model, text))];

    /// <summary>Of <see cref="Loss"/>.</summary>
    public float[][] Gradients(IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text) =>
        [.. pairs.Select(p => p.Model.Select((x, e) => (float)(2 * (x - Wish(p.Client, e)) / p.Model.Length)).ToArray())];

    /// <summary>
    /// Client i wants a point of its own, made of its shares: the mean squared distance of a model to it, and about what the made-up losses are.
    /// </summary>
    private double Loss(int i, float[] model, ClientText text) =>
        model.Select((x, e) => Math.Pow(x - Wish(i, e), 2)).Average() + (text == ClientText.Training ? 1.1 : 1.2);

    private double Wish(int i, int e) => Shares[i][e % Shares[i].Length];

    public static SyntheticRound Draw(int clients, ulong seed, AdapterShape? shape = null)
    {
        shape ??= SmallShape;
        var random = new CounterRandom(seed, RandomPurpose.TrustWindows);
        const int Categories = 3, Positions = 5, Vocabulary = 11, K = 4;
        var adapters = Rows(clients, i => Numbers(random.At(1).At(i), shape.Length));
        var anchors = Rows(clients, i => Numbers(random.At(2).At(i), shape.Length));
        var shares = Rows(clients, i => Normalised([.. Enumerable.Range(0, Categories).Select(c => random.At(3).At(i).Unit(c))]));
        var losses = Rows(clients, i => Enumerable.Range(0, clients).Select(j => 1 + random.At(4).At(i).Unit(j)).ToArray());
        var predictions = Rows(clients, i => Predict(random.At(5).At(i), Positions, Vocabulary, K));
        var tokens = Rows(clients, i => 100L + random.At(6).Below(1000, i));
        return new SyntheticRound(shape, adapters, anchors, shares, tokens, new TrustLosses(losses, [.. losses.Select(_ => 0.01)]), predictions,
            Predict(random.At(7), Positions, Vocabulary, K));
    }

    /// <summary>This round, in which clients only listen to their neighbours.</summary>
    public SyntheticRound Under(Topology topology)
    {
        _links = topology.Links;
        return this;
    }

    /// <summary>Client i of the result is client order[i] of this round.</summary>
    public SyntheticRound Reordered(int[] order) => new(Shape, Pick(Adapters, order), Pick(Anchors, order), Pick(Shares, order), Pick(TrainTokens, order),
        new TrustLosses([.. order.Select(i => Pick(_losses.Mean[i], order))], Pick(_losses.DifferenceError!, order)), Pick(_predictions, order), _base)
    {
        _links = (i, j) => Links(order[i], order[j]),
    };

    public SyntheticRound WithAdapters(float[][] adapters, float[][] anchors) =>
        new(Shape, adapters, anchors, [.. Shares], [.. TrainTokens], _losses, _predictions, _base);

    public static AdapterShape SmallShape { get; } = new(
        [new AdapterTarget("h.0.attn.c_attn", 6, 9, 2, 0, 32), new AdapterTarget("h.0.attn.c_proj", 10, 5, 2, 12, 50)], scale: 4);

    public static float[] Numbers(CounterRandom random, int count) => [.. Enumerable.Range(0, count).Select(e => (float)(random.Unit(e) - 0.5))];

    private static TopPredictions Predict(CounterRandom random, int positions, int vocabulary, int k)
    {
        var ids = new int[positions * k];
        var values = new float[positions * k];
        for (int p = 0; p < positions; p++)
        {
            double[] full = Normalised([.. Enumerable.Range(0, vocabulary).Select(v => random.At(p).Unit(v))]);
            int[] top = [.. Enumerable.Range(0, vocabulary).OrderByDescending(v => full[v]).Take(k)];
            for (int e = 0; e < k; e++) (ids[p * k + e], values[p * k + e]) = (top[e], (float)full[top[e]]);
        }
        return new TopPredictions(ids, values, k, vocabulary);
    }

    private static double[] Normalised(double[] values) => [.. values.Select(v => v / values.Sum())];

    private static T[] Rows<T>(int count, Func<int, T> row) => [.. Enumerable.Range(0, count).Select(row)];

    private static T[] Pick<T>(IReadOnlyList<T> items, int[] order) => [.. order.Select(i => items[i])];
}
