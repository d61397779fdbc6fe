namespace LoraCollab.Federation.Tests;

public class LearnedTrustTests
{
    /// <summary>L_i(θ) = ½·c·‖θ − t_i‖² with its gradient.</summary>
    private static HandRound Quadratic(float[][] adapters, double[][] targets, double c = 1) => new()
    {
        Adapters = adapters,
        Loss = (i, m, _) => 0.5 * c * m.Zip(targets[i], (x, t) => (x - t) * (x - t)).Sum(),
        Gradient = (i, m, _) => [.. m.Zip(targets[i], (x, t) => (float)(c * (x - t)))],
    };

    private static double[][] Learn(HandRound round) => new LearnedTrust().Score(round).Values;

    [Fact]
    public void Score_TargetBetweenTwoAdapters_IsTheirMixComputedByHand()
    {
        // Client 0 wants (1, 1, 0) = ½·(2, 0, 0) + ½·(0, 2, 0). Client 1 wants its own.
        // Client 2 wants (0, 0.5, 1), a quarter of client 1's and three quarters of (0, 0, 4/3).
        float[][] adapters = [[2, 0, 0], [0, 2, 0], [0, 0, 4f / 3]];
        double[][] w = Learn(Quadratic(adapters, [[1, 1, 0], [0, 2, 0], [0, 0.5, 1]]));
        double[][] expected = [[0.5, 0.5, 0], [0, 1, 0], [0, 0.25, 0.75]];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) Assert.Equal(expected[i][j], w[i][j], 0.01);
    }

    [Fact]
    public void Score_TargetOutsideTheHull_IsItsNearestPoint()
    {
        // Between (0, 0, 0) and (1, 0, 0): of (0.3, 5, 0) the foot at 0.3, of (7, 0, 0) the end.
        double[][] w = Learn(Quadratic([[0, 0, 0], [1, 0, 0]], [[0.3, 5, 0], [7, 0, 0]]));
        Assert.Equal(0.3, w[0][1], 1e-3);
        Assert.Equal([0.0, 1.0], w[1]);
    }

    [Theory]
    [InlineData(1e-2)]
    [InlineData(1)]
    [InlineData(100)]
    public void Score_AnyScale_EndsWithinTheGapOfTheBestOnAGrid(double c)
    {
        var round = SyntheticRound.Draw(3, 21);
        double[][] targets = [.. SyntheticRound.Draw(3, 22).Adapters.Select(a => Array.ConvertAll(a, x => (double)x))];
        var hand = Quadratic([.. round.Adapters], targets, c);
        double[][] w = Learn(hand);
        for (int i = 0; i < 3; i++)
        {
            double best = double.PositiveInfinity;
            for (int a = 0; a <= 100; a++)
                for (int b = 0; a + b <= 100; b++)
                    best = Math.Min(best,
                        hand.Loss(i, AdapterMixer.Mix(hand.Adapters, [a / 100.0, b / 100.0, (100 - a - b) / 100.0]), ClientText.TrustValidation));
            Assert.True(hand.Loss(i, AdapterMixer.Mix(hand.Adapters, w[i]), ClientText.TrustValidation) <= best + SimplexDescent.Gap, $"row {i}");
        }
    }

    [Fact]
    public void Score_TwoHollows_FindsTheDeeperThroughItsStarts()
    {
        // One number a client; the loss has a hollow of 0 at 0 and one of −1 at 10, the third client's place, and a ridge between.
        static double Loss(double x) => x < 5 ? 0.02 * x * x : -1 + 0.06 * (x - 10) * (x - 10);
        var round = new HandRound
        {
            Adapters = [[0, 0, 0], [1, 0, 0], [10, 0, 0]],
            Loss = (_, m, _) => Loss(m[0]),
            Gradient = (_, m, _) => [(float)(m[0] < 5 ? 0.04 * m[0] : 0.12 * (m[0] - 10)), 0, 0],
        };
        Assert.Equal([0.0, 0.0, 1.0], Learn(round)[0]);
    }

    [Fact]
    public void WeightGradients_OfTheEngine_AreTheSlopeOfTheMixedLoss()
    {
        const double Step = 1e-4;
        using var backend = TestBackends.Open(BackendKind.Reference);
        var options = (SmallRun.Options with { BatchSize = 3 }).Resolve();
        using var workspace = new Workspace(options, new CollaborationInputs("random", SmallRun.Weights(), SmallRun.Data, backend), threads: 1);
        var random = new CounterRandom(5, RandomPurpose.TrustWindows);
        float[][] adapters = [.. Enumerable.Range(0, 4).Select(j => SyntheticRound.Numbers(random.At(j), workspace.Shape.Length))];
        var round = new TrustRound(workspace, SmallRun.Data, new RoundAdapters(Participation.All(4), adapters, adapters, adapters), Topology.Full(4), 5,
            _ => { }, CancellationToken.None);
        double[] weights = [0.4, 0.3, 0.2, 0.1];
        double[] gradient = LearnedTrust.WeightGradients(round, [(2, AdapterMixer.Mix(adapters, weights))])[0];
        for (int j = 0; j < 4; j++)
        {
            double Loss(double sign) =>
                round.Losses([(2, AdapterMixer.Mix(adapters, [.. weights.Select((w, k) => k == j ? w + sign * Step : w)]))], ClientText.TrustValidation)[0];
            double slope = (Loss(1) - Loss(-1)) / (2 * Step);
            Assert.True(Math.Abs(slope - gradient[j]) <= 2e-3 * Math.Max(Math.Abs(slope), 0.01), $"weight {j}: {gradient[j]} expected {slope}");
        }
    }

    [Theory]
    [InlineData(new[] { 0.2, 0.3, 0.5 }, new[] { 0.2, 0.3, 0.5 })]
    [InlineData(new[] { 1.0, 1.0 }, new[] { 0.5, 0.5 })]
    [InlineData(new[] { 2.0, 0.0, -1.0 }, new[] { 1.0, 0.0, 0.0 })]
    [InlineData(new[] { 0.9, 0.5, 0.1 }, new[] { 0.7, 0.3, 0.0 })]
    public void Projection_ByHand_IsTheNearestPoint(double[] v, double[] expected)
    {
        double[] found = SimplexProjection.Of(v);
        for (int j = 0; j < v.Length; j++) Assert.Equal(expected[j], found[j], 1e-15);
    }
}
