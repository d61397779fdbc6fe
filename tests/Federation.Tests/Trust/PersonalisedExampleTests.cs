namespace LoraCollab.Federation.Tests;

/// <summary>Examples of the personalised methods, computed by hand.</summary>
public class PersonalisedExampleTests
{
    private static readonly double E = Math.E;

    private static TrustMatrix Trust(ITrustScheme scheme, ITrustRound round) => TrustMatrix.From(scheme.Score(round), new TrustRule(Topology.Full(round.Clients)));

    [Fact]
    public void FedFomo_GainsOverDistances_AreTheShares()
    {
        // Client 0 lost 2 with (1,0,0): (2 − 0.5)/3 = 1/2, (2 − 1)/4 = 1/4, and the third is worse. Nothing is better for client 1 than what it had, everything equally for client 2.
        float[][] anchors = [[1, 0, 0], [0, 0, 0], [1, 0, 0]], adapters = [[4, 0, 0], [1, 4, 0], [1, 0, 5]];
        double[][] losses = [[0.5, 1, 3], [9, 8, 7], [5, 4, 3]];
        double[] before = [2, 1, 8];
        var round = new HandRound
        {
            Adapters = adapters,
            Anchors = anchors,
            Loss = (i, model, text) => Assert.IsType<ClientText>(text) != ClientText.TrustValidation ? double.NaN
                : Array.IndexOf(adapters, model) is >= 0 and var j ? losses[i][j] : before[i],
        };
        ITrustScheme scheme = new FedFomo();
        var trust = Trust(scheme, round);
        Assert.Equal([2 / 3.0, 1 / 3.0, 0], trust.Row(0).ToArray(), (x, y) => Math.Abs(x - y) < 1e-15);
        Assert.Equal([0, 1, 0], trust.Row(1).ToArray());
        Assert.Equal([1 / 3.0, 1 / 3.0, 1 / 3.0], trust.Row(2).ToArray(), (x, y) => Math.Abs(x - y) < 1e-15);
        // The paper's form: (1,0,0) + 2/3·(3,0,0) + 1/3·(0,4,0).
        Assert.Equal([3, 4 / 3f, 0], scheme.Mix(round, trust).Received[0], (x, y) => Math.Abs(x - y) < 1e-6);
    }

    [Fact]
    public void FedAmp_ClientsOnALine_AreWeighedByTheirSquaredDistance()
    {
        // Squared distances 1, 9 and 4, their mean 14/3; with σ = 3/14 of it A′ is in proportion to exp(−distance²).
        var round = new HandRound { Adapters = [[0, 0, 0], [1, 0, 0], [3, 0, 0]] };
        var trust = Trust(new FedAmp(alpha: 0.5, sigma: 3.0 / 14, pull: 1), round);
        double near = 0.25 * Math.Exp(-1), far = 0.25 * Math.Exp(-9), middle = 0.25 * Math.Exp(-4);
        double[][] expected = [[1 - near - far, near, far], [near, 1 - near - middle, middle], [far, middle, 1 - far - middle]];
        for (int i = 0; i < 3; i++) Assert.Equal(expected[i], trust.Row(i).ToArray(), (x, y) => Math.Abs(x - y) < 1e-14);
    }

    [Fact]
    public void FedAmp_EqualAdapters_AreWeighedAsMuchAsTheyMay() =>
        Assert.Equal([0.2, 0.4, 0.4], Trust(new FedAmp(alpha: 0.8, sigma: 1, pull: 1), new HandRound { Adapters = [[1, 1, 1], [1, 1, 1], [1, 1, 1]] }).Row(0).ToArray(), (x, y) => Math.Abs(x - y) < 1e-15);

    [Fact]
    public void HeuristicFedAmp_CosinesOfWhatWasLearnt_AreSharedOutBesideTheOwnWeight()
    {
        // Learnt: (1,0,0), (0,2,0) and (3,4,0), cosines 0, 3/5 and 4/5; five times that in the exponent.
        float[][] initial = [[10, 0, 0], [10, 0, 0], [10, 0, 0]];
        var round = new HandRound { Adapters = [[11, 0, 0], [10, 2, 0], [13, 4, 0]], Initial = initial };
        var trust = Trust(new HeuristicFedAmp(self: 0.4, sigma: 5, pull: 1), round);
        double a = Math.Pow(E, 3), b = Math.Pow(E, 4);
        double[][] expected = [[0.4, 0.6 / (1 + a), 0.6 * a / (1 + a)], [0.6 / (1 + b), 0.4, 0.6 * b / (1 + b)], [0.6 * a / (a + b), 0.6 * b / (a + b), 0.4]];
        for (int i = 0; i < 3; i++) Assert.Equal(expected[i], trust.Row(i).ToArray(), (x, y) => Math.Abs(x - y) < 1e-14);
    }
}
