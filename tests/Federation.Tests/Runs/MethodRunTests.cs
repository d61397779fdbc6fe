namespace LoraCollab.Federation.Tests;

/// <summary>Whole runs of every method beside the paper's six.</summary>
public sealed class MethodRunTests : IDisposable
{
    private readonly SmallRun _run = new();

    public static TheoryData<string> Names() => [.. StrategyRegistry.Names.Except(StrategyRegistry.Standard)];

    private static CollaborationOptions Only(params string[] schemes) => SmallRun.Options with { Schemes = schemes };

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_StoppedAndResumed_GivesTheSameBits(string method)
    {
        // Before and after the first mix, which is after iteration 3 of 8; beside local, so that stages change.
        foreach (var options in new[] { Only("local", method), Only(method, "local") })
        {
            string whole = "whole-" + options.Schemes[0], stopped = "stopped-" + options.Schemes[0];
            SmallRun.Run(options, _run.Settings(whole));
            for (int evaluations = 2; evaluations <= 8; evaluations += 2)
            {
                using var stop = new CancellationTokenSource();
                var resumed = _run.Settings(stopped, threads: 2) with { Resume = evaluations > 2 };
                Assert.ThrowsAny<OperationCanceledException>(() => SmallRun.Run(options, resumed, new StopAfterEvaluations(stop, 2), stop.Token));
            }
            SmallRun.Run(options, _run.Settings(stopped) with { Resume = true });
            Assert.Equal(SmallRun.Results(_run.Folder(whole)), SmallRun.Results(_run.Folder(stopped)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_BesideOthers_GivesTheBitsOfARunAlone(string method)
    {
        SmallRun.Run(Only(method), _run.Settings("alone"));
        SmallRun.Run(Only("fedavg", method), _run.Settings("beside"));
        Assert.Equal(Adapter("alone", method), Adapter("beside", method));
    }

    [Fact]
    public void FrozenA_AfterTheRun_StillHasItsFirstValues()
    {
        SmallRun.Run(Only("ffa"), _run.Settings("a"));
        SmallRun.Run(Only("fedavg"), _run.Settings("b"));
        var (layout, weights) = (LoraLayout.Of(SmallRun.Weights().Config, new LoraOptions { Rank = 2 }), SmallRun.Weights());
        float[] initial = LoraAdapter.InitialValues(weights.Config, new LoraOptions { Rank = 2 }, LoraInitialisation.Inputs, 1, 0);
        float[] frozen = Adapter("a", "ffa"), trained = Adapter("b", "fedavg");
        foreach (var a in layout.Entries.Where(e => e.Name.Contains("lora_A")))
        {
            Assert.Equal(layout.Of(initial, a.Name).ToArray(), layout.Of(frozen, a.Name).ToArray());
            Assert.NotEqual(layout.Of(initial, a.Name).ToArray(), layout.Of(trained, a.Name).ToArray());
        }
        var ledger = new RunLog(Path.Combine(_run.Folder("a"), "ledger.jsonl")).Read<LedgerEntry>();
        long ofB = 4 * layout.Entries.Where(e => e.Name.Contains("lora_B")).Sum(e => e.Length);
        Assert.All(ledger, l => Assert.Equal(ofB, l.Bytes));
    }

    [Fact]
    public void FedProx_StrongPull_StaysNearWhatWasReceived()
    {
        double Spread(double mu)
        {
            string folder = FormattableString.Invariant($"mu-{mu}");
            SmallRun.Run(Only("fedprox") with { Method = new Dictionary<string, double> { ["fedprox.mu"] = mu } }, _run.Settings(folder));
            float[][] sent = Round(folder, "fedprox", 8);
            return sent.Sum(a => a.Select((x, e) => Math.Pow(x - sent.Average(other => other[e]), 2)).Sum());
        }
        Assert.True(Spread(100) < 0.5 * Spread(0));
        SmallRun.Run(Only("fedavg"), _run.Settings("fedavg"));
        Assert.Equal(Adapter("fedavg", "fedavg"), Adapter("mu-0", "fedprox"));
    }

    [Theory]
    [InlineData("fedamp", "fedamp.pull")]
    [InlineData("fedamp_heur", "fedamp_heur.pull")]
    [InlineData("ditto", "ditto.lambda")]
    [InlineData("cobo", "cobo.rho")]
    public void PulledToOthers_NoPull_IsLocal(string method, string pull)
    {
        SmallRun.Run(Only("local"), _run.Settings("local"));
        SmallRun.Run(Only(method) with { Method = new Dictionary<string, double> { [pull] = 0 } }, _run.Settings("none"));
        Assert.Equal(Adapter("local", "local"), Adapter("none", method));
        SmallRun.Run(Only(method) with { Method = new Dictionary<string, double> { [pull] = 1 } }, _run.Settings("some"));
        Assert.NotEqual(Adapter("local", "local"), Adapter("some", method));
    }

    [Fact]
    public void CoBo_AllWeightsOne_IsFedAmpWithEqualAttention()
    {
        // γ = 0: the weights stay 1, and ρ·Σ_j(θ − θ_j) over three others is a pull of 3ρ to their mean; so is FedAMP's where distances do not count.
        SmallRun.Run(Only("cobo") with { Method = new Dictionary<string, double> { ["cobo.gamma"] = 0, ["cobo.rho"] = 0.25 } }, _run.Settings("cobo"));
        SmallRun.Run(Only("fedamp") with { Method = new Dictionary<string, double> { ["fedamp.sigma"] = 1e200, ["fedamp.pull"] = 0.75 } },
            _run.Settings("fedamp"));
        Assert.Equal(Adapter("fedamp", "fedamp"), Adapter("cobo", "cobo"));
    }

    [Fact]
    public void Ifca_OneCluster_IsFedAvgFromTheSecondAggregationOn()
    {
        SmallRun.Run(Only("ifca") with { Method = new Dictionary<string, double> { ["ifca.clusters"] = 1 } }, _run.Settings("one"));
        float[][] sent = Round("one", "ifca", 8);
        float[] mean = [.. sent[0].Select((_, e) => (float)sent.Average(a => (double)a[e]))];
        Assert.Equal(mean, Adapter("one", "ifca"), (x, y) => Math.Abs(x - y) < 1e-6);
    }

    [Fact]
    public void Ifca_UnderATopology_IsRefused() =>
        Assert.Contains("ifca", Assert.Throws<OptionException>(() => (Only("ifca") with { Topology = "ring" }).Resolve()).Message);

    [Fact]
    public void Ditto_SharedAdapters_AreThoseOfFedAvg()
    {
        SmallRun.Run(Only("fedavg"), _run.Settings("fedavg"));
        SmallRun.Run(Only("ditto"), _run.Settings("ditto"));
        foreach (int iteration in new[] { 3, 5, 7, 8 })
            Assert.Equal(Round("fedavg", "fedavg", iteration), Round("ditto", "ditto", iteration));
    }

    [Fact]
    public void TopK_OfClientsThatKeepTheirOwn_SendsEveryChangeOnce()
    {
        // Without a pull a client trains as alone, whatever others see: the adapters of both runs are the same, and what top-k sends of one is its number or
        // the one received.
        var alone = Only("fedamp") with { Method = new Dictionary<string, double> { ["fedamp.pull"] = 0 } };
        SmallRun.Run(alone, _run.Settings("whole"));
        SmallRun.Run(alone with { Upload = "topk:0.3" }, _run.Settings("topk"));
        float[][] own = Sent("whole", 8), seen = Sent("topk", 8);
        for (int i = 0; i < own.Length; i++)
            Assert.True(own[i].Zip(seen[i], (a, b) => Math.Abs(a - b) < 1e-6).Count(same => same) >= 0.29 * own[i].Length, $"client {i}");

        float[][] Sent(string folder, int iteration) => RoundFile.Read(
            Path.Combine(_run.Folder(folder), "rounds", "fedamp", FormattableString.Invariant($"{iteration}.safetensors")),
            LoraLayout.Of(SmallRun.Weights().Config, new LoraOptions { Rank = 2 }), [0, 1, 2, 3]);
    }

    [Fact]
    public void FrozenA_WithAnAOfEachClient_IsRefused() =>
        Assert.Contains("trap 2", Assert.Throws<OptionException>(() => (Only("ffa") with
        {
            Compat = Compat.Corrected.With(Trap.OwnA,
            true)
        }).Resolve()).Message);

    [Theory]
    [InlineData("fedprox.nu=1", "fedprox.nu")]
    [InlineData("fedprox.mu", "KEY=NUMBER")]
    [InlineData("fedprox.mu=1,fedprox.mu=2", "twice")]
    [InlineData("krum.byzantine=1e300", "expected a whole number from 0 to 1000000")]
    [InlineData("fedprox.mu=-1", "expected a number of at least 0")]
    public void Method_NoNumber_IsRefused(string text, string says) => Assert.Contains(says, Assert.Throws<OptionException>(() =>
        (Only("fedprox", "krum") with { Method = NumbersByKey.Parse("method", text) }).Resolve()).Message);

    public void Dispose() => _run.Dispose();

    private float[] Adapter(string folder, string method) =>
        PeftAdapter.Load(Path.Combine(_run.Folder(folder), "adapters", method, "client_0"), SmallRun.Weights().Config).Values;

    private float[][] Round(string folder, string method, int iteration) =>
        RoundFile.Read(RunFolder.RoundFile(_run.Folder(folder), method, iteration), LoraLayout.Of(SmallRun.Weights().Config, new LoraOptions { Rank = 2 }),
            [0, 1, 2, 3]);
}
