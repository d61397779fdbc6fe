namespace LoraCollab.Engine.Tests;

public class EvaluatorTests
{
    private static readonly int[] Text = SmallModel.Ids(101, 131); // 100 predicted tokens: windows of 16, the last one of 4

    public static TheoryData<BackendKind> Kinds => [BackendKind.Reference, BackendKind.Host];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Evaluate_WholeSplit_EqualsEveryTokenByItself(BackendKind kind)
    {
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        var windows = new EvaluationWindows(Text, 16);
        using var pass = new GptPass(model, backend, 3, 16, PassKind.Forward);
        var perWindow = new double[windows.Count];

        var result = new Evaluator(pass).Evaluate(windows, null, perWindow);

        var (nats, correct) = ByHand(model, backend);
        Assert.Equal(100, result.Tokens);
        Assert.Equal(nats / 100, result.Loss, 1e-5);
        Assert.Equal(correct / 100.0, result.Accuracy);
        Assert.Equal(Math.Exp(result.Loss), result.Perplexity);
        Assert.Equal(result.Loss, (perWindow[..6].Sum() * 16 + perWindow[6] * 4) / 100, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Evaluate_AnyBatchSize_GivesTheSameBits(BackendKind kind)
    {
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        var windows = new EvaluationWindows(Text, 16);
        var results = new List<Evaluation>();
        foreach (int batch in (int[])[1, 2, 7, 9])
        {
            using var pass = new GptPass(model, backend, batch, 16, PassKind.Forward);
            results.Add(new Evaluator(pass).Evaluate(windows, null));
        }
        Assert.All(results, r => Assert.Equal(results[0], r));
    }

    [Fact]
    public void Evaluate_GivenBatches_AveragesThem()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        using var pass = new GptPass(model, backend, 2, 16, PassKind.Forward);
        var perBatch = new double[3];
        var result = new Evaluator(pass).Evaluate(SmallModel.Changing(131), 3, 2, 16, null, perBatch);
        Assert.Equal(perBatch.Average(), result.Loss, 1e-12);
        Assert.Equal(96, result.Tokens);
        Assert.Equal(3, perBatch.Distinct().Count());
    }

    [Fact]
    public void Evaluate_WithDropoutLeftOn_DiffersAndRepeats()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        using var pass = new GptPass(model, backend, 2, 16, PassKind.Forward);
        var evaluator = new Evaluator(pass);
        var windows = new EvaluationWindows(Text, 16);
        var draw = new DropoutDraw(new DropoutRates(0, 0.2f, 0, 0), 1, 0, 0);
        Assert.NotEqual(evaluator.Evaluate(windows, null).Loss, evaluator.Evaluate(windows, null, dropout: draw).Loss);
        Assert.Equal(evaluator.Evaluate(windows, null, dropout: draw), evaluator.Evaluate(windows, null, dropout: draw));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Predictions_AtChosenPositions_AreTheLargestLogits(BackendKind kind)
    {
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        using var pass = new GptPass(model, backend, 2, 9, PassKind.Forward);
        int[] ids = SmallModel.Ids(18, 131), rows = [17, 3, 8];
        const int k = 5;
        using var predictions = new PredictionReader(pass, rows.Length, k);
        int[] tokens = new int[rows.Length * k];
        double[] top = new double[rows.Length * k], lse = new double[rows.Length];

        predictions.Read(ids, 2, null, rows, tokens, top, lse);

        using var reader = new LogitReader(pass);
        float[] logits = reader.Read();
        for (int i = 0; i < rows.Length; i++)
        {
            float[] z = logits[(rows[i] * 131)..((rows[i] + 1) * 131)];
            int[] expected = [.. Enumerable.Range(0, 131).OrderByDescending(v => z[v]).ThenBy(v => v).Take(k)];
            Assert.Equal(expected, tokens[(i * k)..((i + 1) * k)]);
            Tolerance.AssertClose("logits", expected.Select(v => (double)z[v]).ToArray(), top.AsSpan(i * k, k), 1e-6);
            Assert.Equal(Math.Log(z.Sum(x => Math.Exp(x))), lse[i], 1e-5);
        }
    }

    private static (double Nats, int Correct) ByHand(GptModel model, ComputeBackend backend)
    {
        using var pass = new GptPass(model, backend, 1, 16, PassKind.Forward);
        using var reader = new LogitReader(pass);
        double nats = 0;
        int correct = 0;
        for (int start = 0; start < 100; start += 16)
        {
            int end = Math.Min(start + 16, 100);
            pass.Trunk(Text.AsSpan(start, end - start), 1, null);
            float[] logits = reader.Read();
            for (int i = start; i < end; i++)
            {
                float[] z = logits[((i - start) * 131)..((i - start + 1) * 131)];
                nats += Math.Log(z.Sum(x => Math.Exp((double)x))) - z[Text[i + 1]];
                if (Array.IndexOf(z, z.Max()) == Text[i + 1]) correct++;
            }
        }
        return (nats, correct);
    }
}
