namespace LoraCollab.Federation.Tests;

/// <summary>Examples of the personalised methods, computed by hand.</summary>
public class PersonalisedExampleTests
{
    private static readonly double E = Math.E;

    private static TrustMatrix Trust(IStrategy scheme, ITrustRound round) =>
        TrustMatrix.From(scheme.Score(round), new TrustRule(Topology.Full(round.Clients)));

    [Fact]
    public void FedFomo_GainsOverDistances_AreTheShares()
    {
        // Client 0 lost 2 with (1,0,0): (2 − 0.5)/3 = 1/2, (2 − 1)/4 = 1/4, and the third is worse. Nothing is better for client 1 than what it
        // had, everything equally for client 2.
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
        IStrategy scheme = new FedFomo();
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
        Assert.Equal([0.2, 0.4, 0.4],
            Trust(new FedAmp(alpha: 0.8, sigma: 1, pull: 1), new HandRound { Adapters = [[1, 1, 1], [1, 1, 1], [1, 1, 1]] }).Row(0).ToArray(),
            (x, y) => Math.Abs(x - y) < 1e-15);

    [Fact]
    public void HeuristicFedAmp_CosinesOfWhatWasLearnt_AreSharedOutBesideTheOwnWeight()
    {
        // Learnt: (1,0,0), (0,2,0) and (3,4,0), cosines 0, 3/5 and 4/5; five times that in the exponent.
        float[][] initial = [[10, 0, 0], [10, 0, 0], [10, 0, 0]];
        var round = new HandRound { Adapters = [[11, 0, 0], [10, 2, 0], [13, 4, 0]], Initial = initial };
        var trust = Trust(new HeurFedAmp(self: 0.4, sigma: 5, pull: 1), round);
        double a = Math.Pow(E, 3), b = Math.Pow(E, 4);
        double[][] expected = [[0.4, 0.6 / (1 + a), 0.6 * a / (1 + a)], [0.6 / (1 + b), 0.4, 0.6 * b / (1 + b)], [0.6 * a / (a + b), 0.6 * b / (a + b), 0.4]];
        for (int i = 0; i < 3; i++) Assert.Equal(expected[i], trust.Row(i).ToArray(), (x, y) => Math.Abs(x - y) < 1e-14);
    }

    [Fact]
    public void Ifca_FourClientsInTwoClusters_TakeTrainAndKeep()
    {
        IStrategy scheme = new Ifca(clusters: 2);
        // The mean is 5.25: client 1 is nearest to it, client 3 farthest from client 1.
        AssertRound([0, 2, 9, 10], wishes: [0, 2, 9, 10], models: [2, 10], received: [2, 2, 10, 10], rows: ["0100", "0100", "0001", "0001"]);
        // Clients 0 and 1 were in one cluster, 2 and 3 in the other; client 3 leaves it.
        AssertRound([1, 3, 11, 5], wishes: [0, 2, 9, 1], models: [2, 8], received: [2, 2, 8, 2], rows: ["1100", "1100", "0011", "1100"]);
        var bag = new TensorBag();
        scheme.Save(bag);
        scheme = new Ifca(clusters: 2);
        scheme.Load(bag);
        AssertRound([3, 4, 7, 5], wishes: [4, 4, 4, 4], models: [4, 7], received: [4, 4, 4, 4], rows: ["1101", "1101", "1101", "1101"]);
        // Nobody trained the second model: it stays at 7, and who takes it is alone.
        AssertRound([1, 2, 8, 5], wishes: [4, 4, 7, 4], models: [4, 7], received: [4, 4, 7, 4], rows: ["1111", "1111", "0010", "1111"]);

        void AssertRound(float[] adapters, double[] wishes, float[] models, float[] received, string[] rows)
        {
            var round = new HandRound
            {
                Adapters = [.. adapters.Select(x => new[] { x })],
                Loss = (i, model, text) => text == ClientText.Training ? Math.Abs(model[0] - wishes[i]) : double.NaN,
            };
            var trust = Trust(scheme, round);
            var mixed = scheme.Mix(round, trust);
            Assert.Equal(models, mixed.Broadcast!.Select(m => m[0]));
            Assert.Equal(received, mixed.Received.Select(m => m[0]));
            for (int i = 0; i < 4; i++)
                Assert.Equal(rows[i].Select(c => (c - '0') / (double)rows[i].Count(d => d == '1')), trust.Row(i).ToArray());
        }
    }

    [Fact]
    public void CoBo_GradientsMidway_JoinAndPartPairs()
    {
        // F_i(z) = (z − c_i)²/2 with c = 0, 2, 10 and θ = 4, 6, 10. Midway 5, 7 and 8 the gradients are (5, 3), (7, −3) and (6, −2): products 15,
        // −21 and −12, as large as the norms', 16 in the mean.
        // A step of 0.4/16: w_01 stays 1, w_02 = 1 − 0.525 and w_12 = 1 − 0.3; then 0 and 0.4, then 0.1, then 0.
        double[] c = [0, 2, 10];
        var round = new HandRound { Adapters = [[4], [6], [10]], Gradient = (i, z, text) => [text == ClientText.Training ? (float)(z[0] - c[i]) : float.NaN] };
        IStrategy scheme = new CoBo(rho: 0.1, gamma: 0.4);
        AssertRound([0, 1 / 1.475, 0.475 / 1.475], [1.475, 1.7, 1.175], (6 + 10 * 0.475) / 1.475);
        AssertRound([0, 1, 0], [1, 1.4, 0.4], 6);
        var bag = new TensorBag();
        scheme.Save(bag);
        scheme = new CoBo(rho: 0.1, gamma: 0.4);
        scheme.Load(bag);
        AssertRound([0, 1, 0], [1, 1.1, 0.1], 6);
        AssertRound([0, 1, 0], [1, 1, 0], 6);
        Assert.Equal([0, 0, 1], Trust(scheme, round).Row(2).ToArray());

        void AssertRound(double[] firstRow, double[] pull, double firstReceived)
        {
            var trust = Trust(scheme, round);
            var mixed = scheme.Mix(round, trust);
            Assert.Equal(firstRow, trust.Row(0).ToArray(), (x, y) => Math.Abs(x - y) < 1e-6);
            Assert.Equal(pull, mixed.Pull!.Select(x => (double)x), (x, y) => Math.Abs(x - y) < 1e-6);
            Assert.Equal(firstReceived, mixed.Received[0][0], 1e-5);
        }
    }
}
