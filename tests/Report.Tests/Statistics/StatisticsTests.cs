namespace LoraCollab.Report.Tests;

public class StatisticsTests
{
    /// <summary>Two-sided quantiles of printed tables.</summary>
    [Theory]
    [InlineData(0.95, 1, 12.706)]
    [InlineData(0.95, 2, 4.303)]
    [InlineData(0.95, 3, 3.182)]
    [InlineData(0.95, 4, 2.776)]
    [InlineData(0.95, 9, 2.262)]
    [InlineData(0.99, 10, 3.169)]
    [InlineData(0.95, 1000, 1.962)]
    public void StudentT_Quantile_IsThatOfTheTables(double within, int degrees, double expected)
    {
        Assert.Equal(expected, StudentT.Quantile(within, degrees), 3);
        Assert.Equal(within, StudentT.Within(-StudentT.Quantile(within, degrees), degrees), 9);
    }

    /// <summary>
    /// By hand, m = 4: 0.01·4 = 0.04; 0.02·3 = 0.06; 0.03·2 = 0.06; 0.8·1 = 0.8. Then 0.5 and 0.6: 0.5·2 = 1; at most 1, and never below the one before.
    /// </summary>
    [Fact]
    public void Holm_SmallExamples_AreThoseByHand()
    {
        double[] expected = [0.06, 0.8, 0.04, 0.06], found = HolmCorrection.Adjust([0.03, 0.8, 0.01, 0.02]);
        for (int i = 0; i < 4; i++) Assert.Equal(expected[i], found[i], 12);
        Assert.Equal([1, 1], HolmCorrection.Adjust([0.5, 0.6]));
        Assert.Empty(HolmCorrection.Adjust([]));
    }

    /// <summary>
    /// Clients alike: the seeds 1 to 5 alone have variance 2.5, so se = √(2.5 / 5), and the interval is 3 ± 2.776·0.7071. p: t = 3 / 0.7071 = 4.243 with
    /// 4 degrees, 0.0132.
    /// </summary>
    [Fact]
    public void Bootstrap_ClientsAlike_GivesStudentsInterval()
    {
        double[][] values = [.. Enumerable.Range(1, 5).Select(s => new double[] { s, s, s })];
        Assert.Equal(3, HierarchicalBootstrap.Mean(values), 12);
        Assert.InRange(HierarchicalBootstrap.Test(values)!.Value.HalfWidth, 1.963 * 0.98, 1.963 * 1.02);
        Assert.InRange(HierarchicalBootstrap.Test(values)!.Value.PValue, 0.0122, 0.0142);
    }

    /// <summary>Seeds alike: clients −1 and 1 have variance 1; two of them drawn five times: 1 / 10; times 5 / 4: se = 0.35355.</summary>
    [Fact]
    public void Bootstrap_SeedsAlike_StillCountsClients()
    {
        double[][] values = [.. Enumerable.Range(0, 5).Select(_ => new double[] { -1, 1 })];
        Assert.InRange(HierarchicalBootstrap.StandardError(values), 0.35355 * 0.98, 0.35355 * 1.02);
        Assert.Equal(1, HierarchicalBootstrap.Test(values)!.Value.PValue, 6);
    }

    /// <summary>Of 600 experiments with a known mean, the share whose interval holds it. Three standard errors of 0.95 are 0.027.</summary>
    [Theory]
    [InlineData(1, 0.05, 0.92, 0.975)]
    [InlineData(0.5, 1, 0.95, 1)]
    public void Bootstrap_FiveSeeds_CoversTheTrueMean(double betweenSeeds, double betweenClients, double least, double most)
    {
        const int experiments = 600, seeds = 5, clients = 4;
        int covered = 0;
        Parallel.For(0, experiments, e =>
        {
            var random = new CounterRandom(4, RandomPurpose.GeneratedWorld, e);
            double[][] values = new double[seeds][];
            for (int s = 0; s < seeds; s++)
            {
                double seed = betweenSeeds * Normal(random.At(s), 0);
                values[s] = [.. Enumerable.Range(1, clients).Select(i => 7 + seed + betweenClients * Normal(random.At(s), i))];
            }
            if (Math.Abs(HierarchicalBootstrap.Mean(values) - 7) <= HierarchicalBootstrap.Test(values)!.Value.HalfWidth) Interlocked.Increment(ref covered);
        });
        Assert.InRange((double)covered / experiments, least, most);
    }

    [Fact]
    public void PairedDifference_TwoSeeds_AreThoseByHand()
    {
        var found = PairedDifference.Of([[1, 2], [3, 5]], [[2, 2], [4, 3]]);
        // −1, 0; −1, 2.
        Assert.Equal(0, found.Mean, 12);
        Assert.Equal([-0.5, 0.5], found.BySeed);
        Assert.Equal([-1, 1], found.ByClient);
        Assert.Equal((0.5, 0.25), (found.Gain, found.Harmed));
        Assert.Null(found.HalfWidth);
        Assert.Null(found.PValue);
        Assert.False(found.IsDistinguishable);
    }

    [Fact]
    public void SetStatistics_FourSeeds_CallNothingSignificant()
    {
        var found = SetStatistics.Of([Set(4, 0.5, 0)])[0].Schemes;
        Assert.All(found, s => Assert.Null(s.HalfWidth));
        Assert.All(found, s => Assert.False(s.ToLocal?.IsDistinguishable ?? false));
        Assert.Equal(4, found[0].PerplexityBySeed.Count);
    }

    [Fact]
    public void SetStatistics_FiveSeeds_TellAGainFromNothing()
    {
        var found = SetStatistics.Of([Set(5, 0.5, 0), Set(5, 0, 0.2)]);
        Assert.Equal(["local", "fedavg", "weights"], found[0].Schemes.Select(s => s.Scheme));
        Assert.Null(found[0].Schemes[0].ToLocal);
        Assert.Null(found[0].Schemes[1].ToFedAvg);
        Assert.True(found[0].Schemes[2].ToLocal!.IsDistinguishable);
        Assert.Equal(1, found[0].Schemes[2].ToLocal!.Gain);
        Assert.False(found[1].Schemes[2].ToLocal!.IsDistinguishable);
        // Four tests against Local and two sets: every p is multiplied by at most 4, the least of them by exactly that.
        var all = found.SelectMany(s => s.Schemes).Select(s => s.ToLocal).OfType<PairedDifference>().ToArray();
        Assert.Equal(4, all.Length);
        var least = all.MinBy(d => d.PValue)!;
        Assert.Equal(Math.Min(1, 4 * least.PValue!.Value), least.AdjustedP!.Value, 12);
        Assert.All(all, d => Assert.InRange(d.AdjustedP!.Value, d.PValue!.Value, Math.Min(1, 4 * d.PValue.Value + 1e-12)));
    }

    [Fact]
    public void SetStatistics_WorstClient_IsThatOfTheHighestMeanLoss()
    {
        var set = new ExperimentSet("news", "specific", "corrected", null, null, [1, 2],
            [MadeUp.Run(1, ("local", [1, 2.5, 2]), ("fedavg", [2, 2, 1])), MadeUp.Run(2, ("local", [1, 2, 2]), ("fedavg", [3, 2, 1]))]);
        var found = SetStatistics.Of([set])[0].Schemes;
        Assert.Equal((1, "client 1"), (found[0].Worst.Id, found[0].Worst.Name));
        Assert.Equal(0, found[1].Worst.Id);
        Assert.Equal(Math.Exp(2.5), found[1].Worst.Perplexity, 12);
        Assert.Equal(1.5, found[1].Worst.ToLocal!.Value, 12);
    }

    /// <summary>Local at 1 + noise, FedAvg a nat above it, weights `gain` below it; three clients.</summary>
    private static ExperimentSet Set(int seeds, double gain, double noise) => new("news", "specific", "corrected", null, null,
        [.. Enumerable.Range(1, seeds).Select(s => (ulong)s)],
    [
        .. Enumerable.Range(1, seeds).Select(s =>
        {
            var random = new CounterRandom((ulong)s, RandomPurpose.GeneratedWorld);
            double[] local = [.. Enumerable.Range(0, 3).Select(i => 1 + 0.1 * Normal(random, i))];
            return MadeUp.Run((ulong)s, ("local", local), ("fedavg", [.. local.Select((x, i) => x + 1 + 0.01 * Normal(random, 10 + i))]),
                ("weights", [.. local.Select((x, i) => x - gain + (0.01 + noise) * Normal(random, 20 + i))]));
        }),
    ]);

    /// <summary>A normal variate (Box and Muller).</summary>
    private static double Normal(CounterRandom random, long index) =>
        Math.Sqrt(-2 * Math.Log(1 - random.Unit(2 * index))) * Math.Cos(2 * Math.PI * random.Unit(2 * index + 1));
}
