namespace LoraCollab.Engine.Tests;

public class AttentionMapsTests
{
    private static readonly LoraOptions Lora = new() { Rank = 2, Alpha = 4, Targets = LoraTargets.All };

    /// <summary>q, k, v and the output of every layer's attention.</summary>
    private sealed class Kept(ComputeBackend lane) : IOpObserver
    {
        public List<(double[] Qkv, double[] Y)> Layers { get; } = [];

        public void Before(in OpCall call) { }

        public void After(in OpCall call)
        {
            if (call.Op != "attention") return;
            double[] y = new double[call.Output.Length], qkv = new double[3 * y.Length];
            lane.Download(y.AsSpan(), call.Output);
            lane.Download(qkv.AsSpan(), call.Operands.ToArray().Single(o => o.Name == "qkv").View);
            Layers.Add((qkv, y));
        }
    }

    [Theory]
    [InlineData(BackendKind.Reference, false)]
    [InlineData(BackendKind.Host, false)]
    [InlineData(BackendKind.Host, true)]
    public void Maps_OfEveryHead_AreTheSoftmaxOfTheScoresAndMakeTheOutput(BackendKind kind, bool withAdapter)
    {
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        using var adapter = withAdapter ? new LoraAdapter(backend, model.Config, Lora, trainable: false) : null;
        adapter?.Set(SmallModel.AdapterValues(model.Config, Lora));
        const int t = 11;
        int[] ids = SmallModel.Ids(t, model.Config.Vocabulary);
        var maps = AttentionMaps.Of(model, ids, adapter);
        Assert.Null(backend.Observer);

        var kept = new Kept(backend);
        backend.Observer = kept;
        using var pass = new GptPass(model, backend, 1, t, PassKind.Forward, adapter?.Options);
        pass.Trunk(ids, 1, adapter);

        Assert.Equal((2, 3), (maps.Layers, maps.Heads));
        for (int l = 0; l < 2; l++)
            for (int h = 0; h < 3; h++)
                RequireSoftmax(maps[l, h], kept.Layers[l], h, 16);
    }

    private static void RequireSoftmax(AttentionMap map, (double[] Qkv, double[] Y) layer, int head, int hs)
    {
        const int c = 48;
        double Of(int row, int part, int e) => layer.Qkv[row * 3 * c + part * c + head * hs + e];
        for (int i = 0; i < map.Length; i++)
        {
            double[] weights = [.. Enumerable.Range(0, i + 1).Select(j => Math.Exp(Enumerable.Range(0, hs).Sum(e => Of(i, 0, e) * Of(j, 1, e)) / 4))];
            double total = weights.Sum();
            Assert.Equal(1, map.Rows[i].Sum(), 1e-5);
            for (int j = 0; j <= i; j++) Assert.Equal(weights[j] / total, map.Rows[i][j], 1e-5);
            for (int e = 0; e < hs; e++)
                Assert.Equal(map.Rows[i].Select((p, j) => p * Of(j, 2, e)).Sum(), layer.Y[i * c + head * hs + e], 2e-4);
        }
    }

    [Fact]
    public void Summary_OfAMapByHand_CountsAllRowsButTheFirst()
    {
        var map = new AttentionMap([[1], [0.5, 0.5], [0, 0.25, 0.75]]);
        Assert.Equal((Math.Log(2) + 0.25 * Math.Log(4) + 0.75 * Math.Log(4 / 3.0)) / 2, map.Entropy, 12);
        Assert.Equal((0.5 + 0.25) / 2, map.Distance, 12);
        Assert.Equal((0.5 + 0) / 2, map.OnFirst, 12);
    }

    [Fact]
    public void LargestChange_OfTwoMaps_IsTheTotalVariationOfTheMostChangedRow()
    {
        var before = new AttentionMap([[1], [0.5, 0.5], [0, 0.25, 0.75]]);
        var after = new AttentionMap([[1], [0.4, 0.6], [0.5, 0.25, 0.25]]);
        Assert.Equal((0.5, 2), after.LargestChange(before));
        Assert.Equal([0.5, 0, -0.5], after.Less(before).Rows[2]);
    }
}
