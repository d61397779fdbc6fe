namespace LoraCollab.Federation.Tests;

/// <summary>FedEx-LoRA: what everybody has after a mix is the exact mean of what they had.</summary>
public sealed class ExactAggregationTests : IDisposable
{
    private readonly SmallRun _run = new();

    private static TrustMatrix Mean(Topology topology) =>
        TrustMatrix.From(new FedAvg().Score(new HandRound { Clients = topology.Clients }), new TrustRule(topology));

    [Fact]
    public void Mix_TwoRounds_IsTheExampleByHand()
    {
        var scheme = new FedEx();
        // ΔW = 2·b·(a1, a2): (2, 0) and (0, 6), mean (1, 3). The mean adapter (½, ½, 2) has (2, 2): R = (−1, 1).
        var first = scheme.Mix(new HandRound { Adapters = [[1, 0, 1], [0, 1, 3]] }, Mean(Topology.Full(2)));
        Assert.Equal([0.5f, 0.5f, 2], first.Received[1]);
        Assert.Equal([-1, 1], scheme.Corrections![0]!);
        Assert.Same(scheme.Corrections[0], scheme.Corrections[1]);
        // (2, 2) and 0 over R: mean (1, 1) + R. The mean adapter (½, ½, 3) has (3, 3): R = (−1, 1) + (1, 1) − (3, 3).
        var second = scheme.Mix(new HandRound { Adapters = [[1, 1, 1], [0, 0, 5]] }, Mean(Topology.Full(2)));
        Assert.Equal([-3, -1], scheme.Corrections[0]!);
        // R has two numbers and the other's adapter three: R travels.
        Assert.Same(scheme.Corrections[0], Assert.Single(second.Corrections![0]));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("ring")]
    [InlineData("star")]
    public void Mix_ThreeRounds_GivesTheExactMeanOfEffectiveWeights(string name)
    {
        const int N = 5;
        var topology = Topology.Parse(name, N);
        var (scheme, trust) = (new FedEx(), Mean(topology));
        var shape = SyntheticRound.SmallShape;
        double[] w0 = [.. SyntheticRound.Numbers(new CounterRandom(3, RandomPurpose.TrustWindows), 6 * 9 + 10 * 5)];
        for (ulong repeat = 1; repeat <= 3; repeat++)
        {
            var round = SyntheticRound.Draw(N, repeat);
            double[][] before = [.. Enumerable.Range(0, N).Select(i => Effective(shape, w0, round.Adapters[i], scheme.Corrections?[i]))];
            var mixed = scheme.Mix(round, trust);
            for (int i = 0; i < N; i++)
            {
                double[] after = Effective(shape, w0, mixed.Received[i], scheme.Corrections![i]);
                for (int e = 0; e < after.Length; e++) Assert.Equal(Enumerable.Range(0, N).Sum(j => trust[i, j] * before[j][e]), after[e], 1e-5);
            }
            // One other's adapter has 60 numbers, R has 104: with two others or another past R travels.
            Assert.All(Enumerable.Range(0, N), i => Assert.Equal(topology.Degree(i) == 1 && repeat == 1 ? 60 : 104, mixed.Corrections![i].Sum(c => c.Length)));
        }
    }

    [Theory]
    [InlineData("full", 1)]
    [InlineData("ring", 5)]
    public void State_SavedAndLoaded_IsSharedAsBefore(string name, int distinct)
    {
        var (scheme, restored, bag) = (new FedEx(), new FedEx(), new TensorBag());
        restored.Load(bag);
        Assert.Null(restored.Corrections);
        scheme.Mix(SyntheticRound.Draw(5, 1), Mean(Topology.Parse(name, 5)));
        scheme.Save(bag);
        restored.Load(bag);
        Assert.Equal(scheme.Corrections!, restored.Corrections!);
        Assert.Equal(distinct, restored.Corrections!.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void Run_Whole_EndsWithTheExactMeanAndIsMeasuredWithIt()
    {
        var options = SmallRun.Options with { Schemes = ["fedex"] };
        SmallRun.Run(options, _run.Settings("a"));
        var (weights, lora, folder) = (SmallRun.Weights(), new LoraOptions { Rank = 2 }, _run.Folder("a"));
        var layout = LoraLayout.Of(weights.Config, lora);
        var shape = AdapterShape.From(layout, lora.Scale);
        var corrected = WeightCorrection.LayoutOf(weights.Config, lora);
        double[] exact = new double[corrected.Length], correction = new double[corrected.Length];
        foreach (int iteration in (int[])[3, 5, 7, 8])
        {
            float[][] sent = RoundFile.Read(Path.Combine(folder, "rounds", "fedex", $"{iteration}.safetensors"), layout, [0, 1, 2, 3]);
            double[][] updates = [.. sent.Select(a => Effective(shape, new double[corrected.Length], a, null))];
            float[] mean = [.. Enumerable.Range(0, layout.Entries.Sum(e => (int)e.Length)).Select(p => (float)sent.Average(a => (double)a[p]))];
            double[] ofMean = Effective(shape, new double[corrected.Length], mean, null);
            for (int e = 0; e < exact.Length; e++)
            {
                exact[e] = correction[e] + updates.Average(u => u[e]);
                correction[e] = exact[e] - ofMean[e];
            }
        }
        for (int i = 0; i < 4; i++)
        {
            var saved = PeftAdapter.Load(RunFolder.AdapterFolder(folder, "fedex", i), weights.Config);
            double[] effective = Effective(shape, new double[corrected.Length], saved.Values, saved.Correction);
            for (int e = 0; e < exact.Length; e++) Assert.Equal(exact[e], effective[e], 1e-5);
        }
        Assert.True(correction.Max(Math.Abs) > 1e-4, "the example corrects nothing");

        var last = new RunLog(Path.Combine(folder, "metrics.jsonl")).Read<MetricsLine>().Last(l => l.Phase == EvaluationPhase.After);
        using var backend = TestBackends.Open(BackendKind.Reference);
        using var model = GptModel.Frozen(backend, new Sum(weights, corrected, exact));
        using var pass = new GptPass(model, backend, 4, options.SequenceLength, PassKind.Forward);
        for (int i = 0; i < 4; i++)
        {
            var windows = new EvaluationWindows(SmallRun.Data.Clients[i].ReportValidation, options.SequenceLength);
            Assert.Equal(new Evaluator(pass).Evaluate(windows, null).Loss, last.Clients[i].Loss, 1e-6);
        }
        var ledger = new RunLog(Path.Combine(folder, "ledger.jsonl")).Read<LedgerEntry>().Where(l => l.Payload == Payload.Correction).ToArray();
        Assert.Equal(4 * 4, ledger.Length);
        Assert.All(ledger, l => Assert.Equal((Direction.Down, 3, 3 * 4 * layout.Length), (l.Direction, l.Count, l.Bytes)));
    }

    [Theory]
    [InlineData("full", 1)]
    [InlineData("ring", 4)]
    public void Plan_WithFedEx_CountsTheCorrectedWeights(string topology, int neighbourhoods)
    {
        MemoryEstimate Memory(params string[] schemes) => Plan(SmallRun.Options with { Schemes = schemes, Topology = topology }).Memory;
        // Two layers of c_attn [16, 48] and c_proj [16, 16]: 2,048 numbers of 8 bytes on this backend, and twice 4 bytes on the host. A ring of four has
        // four neighbourhoods.
        Assert.Equal(neighbourhoods * 2048 * (8 + 2 * 4), Memory("fedavg", "fedex").Corrections);
        Assert.Equal(0, Memory("fedavg").Corrections);
    }

    [Fact]
    public void Peers_OnARing_AreRefused() => Assert.Contains("exchange through a server", Assert.Throws<OptionException>(() =>
        Plan(SmallRun.Options with { Schemes = ["fedex"], Topology = "ring", Exchange = ExchangeModel.Peers })).Message);

    public void Dispose() => _run.Dispose();

    private RunPlan Plan(CollaborationOptions options)
    {
        using var backend = TestBackends.Open(BackendKind.Reference);
        var inputs = new CollaborationInputs("random", SmallRun.Weights(), SmallRun.Data, backend);
        using var collaboration = new Collaboration(options, inputs, _run.Settings("plan"));
        return collaboration.Plan;
    }

    /// <summary>W₀ + R + scale·(B·A)ᵀ of all targets, each [IC, OC], number by number.</summary>
    private static double[] Effective(AdapterShape shape, double[] w0, float[] adapter, float[]? r)
    {
        var weights = (double[])w0.Clone();
        int e = 0;
        foreach (var t in shape.Targets)
            for (int i = 0; i < t.IC; i++)
                for (int o = 0; o < t.OC; o++, e++)
                {
                    weights[e] += r?[e] ?? 0;
                    for (int k = 0; k < t.Rank; k++) weights[e] += shape.Scale * adapter[t.AOffset + k * t.IC + i] * adapter[t.BOffset + o * t.Rank + k];
                }
        return weights;
    }

    /// <summary>A base to which something is added.</summary>
    private sealed class Sum(IWeights weights, FlatLayout layout, double[] added) : IWeights
    {
        public GptConfig Config => weights.Config;

        public void Read(string name, Span<float> destination)
        {
            weights.Read(name, destination);
            if (!layout.Contains(name)) return;
            var entry = layout[name];
            for (int e = 0; e < destination.Length; e++) destination[e] = (float)(destination[e] + added[entry.Offset + e]);
        }
    }
}
