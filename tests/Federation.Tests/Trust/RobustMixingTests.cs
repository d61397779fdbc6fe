namespace LoraCollab.Federation.Tests;

/// <summary>Mixing that one client cannot spoil, and what holds of every mix of changes.</summary>
public class RobustMixingTests
{
    private const int N = 7;

    public static TheoryData<string> Robust() => ["norm_clip", "median", "trimmed_mean", "krum", "multi-krum"];

    public static TheoryData<string> OfChanges() => [.. Robust().Select(row => row.Data), "fedavgm", "fedadam"];

    private static IStrategy Create(string name) => name == "multi-krum" ? new Krum(1, 3)
        : StrategyRegistry.Create(name, new StrategyContext(new CollaborationOptions().Resolve(), "specific", 3));

    private static TrustMatrix Mean(int clients, Topology? topology = null) =>
        TrustMatrix.From(new FedAvg().Score(new HandRound { Clients = clients }), new TrustRule(topology ?? Topology.Full(clients)));

    private static float[] Mix(IStrategy scheme, params float[][] changes)
    {
        var round = new HandRound
        {
            Adapters = [.. changes.Select(c => c.Select(x => x + 1).ToArray())],
            Anchors = [.. changes.Select(c => c.Select(_ => 1f).ToArray())],
        };
        return [.. scheme.Mix(Shaped(round), Mean(changes.Length)).Received[0].Select(x => x - 1)];
    }

    private static HandRound Shaped(HandRound round) => new()
    {
        Adapters = round.Adapters,
        Anchors = round.Anchors,
        Shape = new([new AdapterTarget("t", round.Adapters[0].Length - 1, 1, 1, 0, round.Adapters[0].Length - 1)], scale: 1),
    };

    [Fact]
    public void NormClip_OneLongChange_IsCutToTheMedianNorm()
    {
        // Norms 5, 5 and 50, median 5: the third becomes (0, 5); the mean is ((3 + 4 + 0)/3, (4 + 3 + 5)/3).
        AssertClose([7 / 3.0, 4], Mix(new NormClip(0), [3, 4], [4, 3], [0, 50]));
        // C = 2.5 halves the first two.
        AssertClose([3.5 / 3, (2 + 1.5 + 2.5) / 3], Mix(new NormClip(2.5), [3, 4], [4, 3], [0, 50]));
    }

    [Fact]
    public void Median_OddAndEvenCounts_IsTheMiddleOrTheMeanOfTheTwoMiddle()
    {
        AssertClose([2, 0], Mix(new CoordinateMedian(), [1, 9], [2, -5], [50, 0]));
        AssertClose([2.5, -0.5], Mix(new CoordinateMedian(), [1, 9], [2, -5], [50, 0], [3, -1]));
    }

    [Fact]
    public void TrimmedMean_FiveClients_LeavesOutTheExtremesOfEveryNumber() =>
        // ⌊0.25·5⌋ = 1 at each end: (1 + 2 + 3)/3 and (0 + 1 + 8)/3.
        AssertClose([2, 3], Mix(new TrimmedMean(0.25), [1, 9], [2, 8], [3, 0], [50, 1], [-50, -7]));

    [Fact]
    public void Krum_FiveClients_TakesTheOneNearestToItsNeighbours()
    {
        // f = 1: the 5 − 1 − 2 = 2 nearest count. On a line at 0, 1, 3, 7, 100: scores 1 + 9, 1 + 4, 4 + 9, 16 + 36, …: the second has the least.
        AssertClose([1, 0], Mix(new Krum(1, 1), [0, 0], [1, 0], [3, 0], [7, 0], [100, 0]));
        // The three least are 5, 10 and 13: 0, 1 and 3 are averaged.
        AssertClose([4 / 3.0, 0], Mix(new Krum(1, 3), [0, 0], [1, 0], [3, 0], [7, 0], [100, 0]));
        // With f = 2 the nearest one counts: 0 and 1 are each other's, and both are taken.
        AssertClose([0.5, 0], Mix(new Krum(2, 1), [0, 0], [1, 0], [3, 0], [7, 0], [100, 0]));
    }

    [Theory]
    [MemberData(nameof(Robust))]
    public void Mix_OneClientSendsNonsense_MovesLittle(string name)
    {
        // Clients around one common change, one of which is then sent a thousand times as large and turned around.
        var random = new CounterRandom(5, RandomPurpose.TrustWindows);
        float[][] changes = [.. Enumerable.Range(0, N).Select(j => SyntheticRound.Numbers(random.At(j), 40).Select(x => 1 + 0.2f * x).ToArray())];
        float[] honest = Mix(Create(name), changes);
        changes[2] = Array.ConvertAll(changes[2], x => -1000 * x);
        double moved = Norm(Mix(Create(name), changes), honest), size = Norm(honest, new float[40]);
        double mean = Norm(Mix(new FedAvgM(0, 1), changes), honest);
        // At most as if one client of seven had a change of the usual norm against all others: 2/7 of it. The plain mean moves by about 1001/7.
        Assert.True(moved < 0.3 * size, $"{name}: moved by {moved}, its norm is {size}");
        Assert.True(mean > 100 * size);
    }

    [Theory]
    [MemberData(nameof(OfChanges))]
    public void Mix_ClientsInAnotherOrder_IsReorderedAlike(string name)
    {
        int[] order = [3, 0, 5, 1, 4, 2, 6];
        foreach (var topology in new[] { Topology.Full(N), Topology.Star(N) })
        {
            // A star with its hub elsewhere is another topology; the trust matrix is reordered instead.
            var trust = Mean(N, topology);
            var reordered = TrustMatrix.FromWeights([.. order.Select(i => order.Select(j => trust[i, j]).ToArray())]);
            var round = SyntheticRound.Draw(N, 8).Under(topology);
            float[][] expected = Create(name).Mix(round, trust).Received, received = Create(name).Mix(round.Reordered(order), reordered).Received;
            for (int i = 0; i < N; i++)
                for (int e = 0; e < expected[0].Length; e++) Assert.Equal(expected[order[i]][e], received[i][e], 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Robust))]
    public void Mix_EqualChanges_IsThatChange(string name)
    {
        AssertClose([1, -2, 3], Mix(Create(name), [1, -2, 3], [1, -2, 3], [1, -2, 3], [1, -2, 3]));
        AssertClose([1, -2, 3], Mix(Create(name), [1, -2, 3]));
        AssertClose([0, 0, 0], Mix(Create(name), [0, 0, 0], [0, 0, 0]));
    }

    [Theory]
    [MemberData(nameof(OfChanges))]
    public void Mix_NotFinite_IsRefusedWithTheClient(string name)
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity })
            Assert.Contains("client 1", Assert.Throws<CollaborationFailedException>(() => Mix(Create(name), [1, 2, 3], [1, bad, 3], [1, 2, 3])).Message);
    }

    private static double Norm(float[] x, float[] y) => Math.Sqrt(x.Zip(y, (a, b) => (double)(a - b) * (a - b)).Sum());

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int e = 0; e < expected.Length; e++) Assert.Equal(expected[e], actual[e], 1e-5);
    }
}
