namespace LoraCollab.Federation.Tests;

/// <summary>FedAvgM and FedAdam.</summary>
public class ServerOptimiserTests
{
    private static TrustMatrix Mean(int clients) =>
        TrustMatrix.From(new FedAvg().Score(new HandRound { Clients = clients }), new TrustRule(Topology.Full(clients)));

    private static HandRound Round(float[] sent, params float[][] adapters) => new() { Adapters = adapters, Anchors = [.. adapters.Select(_ => sent)] };

    [Fact]
    public void Momentum_TwoRounds_AddsTheVelocity()
    {
        // Changes (1, 0, 2) and (3, 0, −2): mean (2, 0, 0), v = (2, 0, 0), θ = (1, 1, 1) + ½·v = (2, 1, 1).
        var scheme = new FedAvgM(beta: 0.5, rate: 0.5);
        float[] first = scheme.Mix(Round([1, 1, 1], [2, 1, 3], [4, 1, -1]), Mean(2)).Received[1];
        Assert.Equal([2, 1, 1], first);
        // Changes (0, 4, 0) and (0, 0, 0): mean (0, 2, 0), v = ½·(2, 0, 0) + (0, 2, 0) = (1, 2, 0), θ = (2, 1, 1) + ½·v.
        Assert.Equal([2.5f, 2, 1], scheme.Mix(Round(first, [2, 5, 1], [2, 1, 1]), Mean(2)).Received[0]);
    }

    [Fact]
    public void Momentum_NoBeta_IsFedAvg()
    {
        var (round, scheme) = (SyntheticRound.Draw(6, 3), new FedAvgM(beta: 0, rate: 1));
        float[][] expected = AdapterMixer.Mix(round.Adapters, Mean(6));
        for (int repeat = 0; repeat < 2; repeat++)
        {
            float[][] received = scheme.Mix(round, Mean(6)).Received;
            for (int i = 0; i < 6; i++)
                for (int e = 0; e < expected[i].Length; e++) Assert.Equal(expected[i][e], received[i][e], 1e-6);
        }
    }

    [Fact]
    public void Adam_TwoRounds_IsThePublishedFormula()
    {
        // β₁ = ½, β₂ = ¾, τ = 1, η = 6. Δ = (2, 0, 0): m = 1, v = ¾·1 + ¼·4 = 1.75, θ₀ = 1 + 6·1/(√1.75 + 1); where Δ = 0, m = 0 and nothing moves.
        var scheme = new FedAdam(rate: 6, beta1: 0.5, beta2: 0.75, tau: 1);
        float[] first = scheme.Mix(Round([1, 1, 1], [2, 1, 3], [4, 1, -1]), Mean(2)).Received[1];
        Assert.Equal(1 + 6 / (Math.Sqrt(1.75) + 1), first[0], 1e-6);
        Assert.Equal([1, 1], first[1..]);
        // Δ = (0, 2, 0): m = (½, 1, 0), v = (¾·1.75, ¾·¾ + 1, …).
        float[] second = scheme.Mix(Round(first, [first[0], 5, 1], [first[0], 1, 1]), Mean(2)).Received[0];
        Assert.Equal(first[0] + 6 * 0.5 / (Math.Sqrt(0.75 * 1.75) + 1), second[0], 1e-6);
        Assert.Equal(1 + 6 * 1 / (Math.Sqrt(0.5625 + 1) + 1), second[1], 1e-6);
        Assert.Equal(1, second[2]);
    }

    [Theory]
    [InlineData("fedavgm")]
    [InlineData("fedadam")]
    public void Mix_StateSavedAndLoaded_GoesOnWithTheSameBits(string name)
    {
        IStrategy Create() => StrategyRegistry.Create(name, new StrategyContext(new CollaborationOptions().Resolve(), "specific", 3));
        // On a ring every client is served apart: as many states as clients.
        var ring = TrustMatrix.From(new FedAvg().Score(new HandRound { Clients = 5 }), new TrustRule(Topology.Ring(5)));
        var (kept, restored, bag) = (Create(), Create(), new TensorBag());
        kept.Mix(SyntheticRound.Draw(5, 1).Under(Topology.Ring(5)), ring);
        kept.Save(bag);
        Assert.All(bag.Names, n => Assert.StartsWith("method.", n));
        Assert.Equal(name == "fedadam" ? 10 : 5, bag.Names.Count());
        restored.Load(bag);
        float[][] expected = kept.Mix(SyntheticRound.Draw(5, 2).Under(Topology.Ring(5)), ring).Received;
        Assert.Equal(expected, restored.Mix(SyntheticRound.Draw(5, 2).Under(Topology.Ring(5)), ring).Received);
        Assert.NotEqual(expected, Create().Mix(SyntheticRound.Draw(5, 2).Under(Topology.Ring(5)), ring).Received);
    }
}
