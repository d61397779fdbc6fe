namespace LoraCollab.Federation.Tests;

public sealed class ParticipationTests
{
    private static Participation Without(int clients, params int[] absent) => Participation.All(clients).Without(absent);

    [Fact]
    public void SquareAndSpread_OfAMatrix_AreReversed()
    {
        var who = Without(4, 1);
        double[][] all = ScoreMatrix.Fill(4, (i, j) => 10 * i + j), square = who.Square(all);
        Assert.Equal([[0, 2, 3], [20, 22, 23], [30, 32, 33]], square);
        Assert.Equal([[0, -1, 2, 3], [-1, -1, -1, -1], [20, -1, 22, 23], [30, -1, 32, 33]], who.Spread(square, (_, _) => -1));
        Assert.Equal([0, 1, 0, 0], who.SpreadTrust(square)[1]);
        Assert.Equal([5, double.NaN, 6, 7], who.Spread([5, 6, 7], double.NaN));
        Assert.Equal([1], who.Absent!);
        Assert.Null(Participation.All(4).Absent);
    }

    [Fact]
    public void Softmax_OfThoseWhoTakePart_IsRenormalisedOverThem()
    {
        // By hand: e^0 : e^-1 : e^-2 of clients 0, 1, 2; without client 1 e^0 : e^-2, not the former row divided by what is left of a rounded one.
        double[][] scores = [[0, -1, -2], [-1, 0, -1], [-2, -1, 0]];
        var who = Without(3, 1);
        var trust = TrustMatrix.From(new TrustScores(who.Square(scores), TrustNormalisation.Softmax), new TrustRule(Topology.Full(3).Among(who)));
        double first = 1 / (1 + Math.Exp(-2));
        double[][] all = who.SpreadTrust(trust.ToArray());
        Assert.Equal([0, 1, 0], all[1]);
        foreach (int i in (int[])[0, 2])
        {
            Assert.Equal(0, all[i][1]);
            Assert.Equal(first, all[i][i], 1e-15);
            Assert.Equal(1 - first, all[i][2 - i], 1e-15);
        }
    }

    [Fact]
    public void TopK_WithTheBestAbsent_TakesTheBestOfThoseWhoAreThere()
    {
        double[][] scores = [[0, 9, 2, 3], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]];
        var who = Without(4, 1);
        var rule = new TrustRule(Topology.Full(4).Among(who)) { Neighbours = 1 };
        var trust = TrustMatrix.From(new TrustScores(who.Square(scores), TrustNormalisation.Softmax), rule);
        Assert.Equal([0, 0, 0, 1], who.SpreadTrust(trust.ToArray())[0]);
    }

    [Fact]
    public void Topology_AmongSome_LinksTheSame()
    {
        var (ring, who) = (Topology.Ring(5), Without(5, 1));
        var among = ring.Among(who);
        for (int a = 0; a < 4; a++)
            for (int b = 0; b < 4; b++) Assert.Equal(ring.Links(who.Present[a], who.Present[b]), among.Links(a, b));
        Assert.Same(ring, ring.Among(Participation.All(5)));
        // A published table is used as it stands among all clients alone: of fewer its rows do not sum to 1.
        var verbatim = new TrustScores([[0.25, 0.25], [0.25, 0.25]], TrustNormalisation.Verbatim);
        Assert.Equal(0.5, TrustMatrix.From(verbatim, new TrustRule(Topology.Full(4).Among(Without(4, 1, 2))))[0, 0]);
    }

    [Fact]
    public void Neighbourhood_OfAClient_IsTheFirstThatHearsTheSame()
    {
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(0, Topology.Full(4).Neighbourhood(i)));
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(Topology.Ring(4).Neighbourhood));
    }

    [Theory]
    [InlineData(0.3, 10, 3)]
    [InlineData(0.25, 8, 2)]
    [InlineData(0.5, 3, 1)] // round(1.5) = 2 would leave one
    [InlineData(0.9, 10, 8)]
    [InlineData(0.01, 10, 0)]
    public void WithoutSilent_AShare_IsThatManyOfThemAndTwoStay(double share, int clients, int silent)
    {
        for (int iteration = 1; iteration <= 20; iteration++)
            Assert.Equal(clients - silent, Participation.All(clients).WithoutSilent(share, 7, iteration).Present.Count);
    }

    [Fact]
    public void WithoutSilent_ManyRounds_TouchesEverybodyAboutEquallyOften()
    {
        const int Clients = 8, Rounds = 4000;
        int[] silent = new int[Clients];
        for (int iteration = 1; iteration <= Rounds; iteration++)
            foreach (int i in Participation.All(Clients).WithoutSilent(0.25, 3, iteration).Absent!) silent[i]++;
        // Binomial with p = 1/4: standard deviation 27.
        Assert.All(silent, count => Assert.InRange(count, 1000 - 110, 1000 + 110));
        Assert.NotEqual(Participation.All(Clients).WithoutSilent(0.25, 3, 20).Present, Participation.All(Clients).WithoutSilent(0.25, 4, 20).Present);
    }
}
