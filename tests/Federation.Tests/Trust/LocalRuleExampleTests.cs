namespace LoraCollab.Federation.Tests;

/// <summary>
/// Examples by hand of the methods that average as FedAvg does and differ in how clients train: flat adapters (a1, a2, b) with ΔW = 2·b·(a1, a2).
/// </summary>
public class LocalRuleExampleTests
{
    private static (float[][] Received, AggregationResidual Residual) Mixed(IStrategy scheme, params float[][] adapters)
    {
        var round = new HandRound { Adapters = adapters, Anchors = adapters };
        var trust = TrustMatrix.From(scheme.Score(round), new TrustRule(Topology.Full(round.Clients)));
        return ([.. scheme.Mix(round, trust).Received], AggregationResidual.Of(round.Shape, adapters, trust));
    }

    /// <summary>With one A = (1, 3) the mean of ΔW = (4, 12) and (8, 24) is 2·mean(b)·A = (6, 18).</summary>
    [Fact]
    public void FrozenA_SharedA_AveragesTheUpdatesExactly()
    {
        var (received, residual) = Mixed(new FfaLora(), [1, 3, 2], [1, 3, 4]);
        Assert.All(received, r => Assert.Equal([1, 3, 3], r));
        Assert.Equal([0, 0], residual.Absolute);
        Assert.True(new FfaLora().Local.FreezeA);
    }

    /// <summary>Of A = (1, 3) and (3, 1) it is not: the mean of (4, 12) and (24, 8) is (14, 10), and 2·3·(2, 2) = (12, 12) misses it by (2, −2).</summary>
    [Fact]
    public void FedAvg_AnAOfEachClient_MissesTheMeanUpdate()
    {
        var (received, residual) = Mixed(new FedAvg(), [1, 3, 2], [3, 1, 4]);
        Assert.All(received, r => Assert.Equal([2, 2, 3], r));
        Assert.All(residual.Absolute, rho => Assert.Equal(Math.Sqrt(8), rho, 1e-12));
        Assert.All(residual.Relative, rho => Assert.Equal(Math.Sqrt(8 / 296.0), rho, 1e-12));
    }

    /// <summary>
    /// Both send the mean of (1, 3, 2), (3, 1, 4) and (2, 5, 0) to all: (2, 3, 2). What they add to a client's gradient, μ·(θ − θ_received), is from (1,
    /// 3, 2) with μ = 0.5 (−0.5, 0, 0); Ditto's client keeps its own adapter and trains the received one beside it.
    /// </summary>
    [Fact]
    public void FedProxAndDitto_ThreeClients_SendTheMeanAndPullToIt()
    {
        float[][] adapters = [[1, 3, 2], [3, 1, 4], [2, 5, 0]];
        foreach (var scheme in new IStrategy[] { new FedProx(0.5), new Ditto(0.5) })
        {
            var (received, _) = Mixed(scheme, adapters);
            Assert.All(received, r => Assert.Equal([2, 3, 2], r));
            Assert.Equal([-0.5, 0, 0], adapters[0].Zip(received[0], (own, centre) => scheme.Local.Pull * (own - centre)));
        }
        Assert.False(new FedProx(0.5).Local.TrainsShared);
        Assert.True(new Ditto(0.5).Local.TrainsShared);
    }
}
