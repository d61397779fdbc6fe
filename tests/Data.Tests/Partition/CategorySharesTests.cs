namespace LoraCollab.Data.Tests;

public class CategorySharesTests
{
    [Fact]
    public void Specific_AgNews_NeighboursShareACategory() =>
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], MainOf(Shares("specific", 8, 4, ClientOrder.Neighbours)));

    [Fact]
    public void Specific_MultiWikiAndCodesWiki_CategoriesTakeTurns()
    {
        Assert.Equal([0, 1, 2, 0, 1, 2, 0, 1, 2], MainOf(Shares("specific", 9, 3, ClientOrder.Turns)));
        Assert.Equal([0, 1, 0, 1, 0, 1, 0, 1], MainOf(Shares("specific", 8, 2, ClientOrder.Turns)));
    }

    [Theory]
    [InlineData(3, 8, new[] { 0, 1, 2 })]
    [InlineData(10, 4, new[] { 0, 0, 0, 1, 1, 2, 2, 2, 3, 3 })]
    public void Specific_OtherNumbers_GroupsAreNearlyEqual(int clients, int categories, int[] expected) =>
        Assert.Equal(expected, MainOf(Shares("specific", clients, categories, ClientOrder.Neighbours)));

    [Fact]
    public void Mixed_AgNews_IsTheSplitOfThePaper() =>
        AssertQuarters([[1, 3, 0, 0], [3, 1, 0, 0], [0, 0, 1, 3], [0, 0, 3, 1]], Shares("mixed", 4, 4, ClientOrder.Neighbours));

    [Fact]
    public void Mixed_MultiWiki_IsTheRingOfThePaper() =>
        AssertQuarters([[3, 1, 0], [0, 3, 1], [1, 0, 3], [3, 1, 0]], Shares("mixed", 4, 3, ClientOrder.Turns));

    [Fact]
    public void Mixed_CodesWiki_AlternatesByClient() =>
        AssertQuarters([[3, 1], [1, 3], [3, 1]], Shares("mixed", 3, 2, ClientOrder.Turns));

    [Fact]
    public void MixedPaper_TwoCategories_EveryClientIsTheSame() =>
        AssertQuarters([[3, 1], [3, 1], [3, 1]], Shares("mixed-paper", 3, 2, ClientOrder.Turns));

    [Fact]
    public void MixedPaper_ThreeCategories_GivesOneLanguageAClient()
    {
        AssertQuarters([[4, 0, 0], [0, 4, 0], [0, 0, 4]], Shares("mixed-paper", 3, 3, ClientOrder.Turns));
        Assert.Throws<UserException>(() => Shares("mixed-paper", 20, 3, ClientOrder.Turns));
        Assert.Throws<UserException>(() => Shares("mixed-paper", 8, 4, ClientOrder.Turns));
    }

    [Theory]
    [InlineData("specific")]
    [InlineData("mixed")]
    [InlineData("uniform")]
    [InlineData("dirichlet:0.001")]
    [InlineData("dirichlet:0.5")]
    [InlineData("dirichlet:100")]
    public void AnyDistribution_AnyNumbers_RowsAreSharesThatSumToOne(string name)
    {
        foreach (int clients in new[] { 1, 2, 7, 20 })
            foreach (int categories in new[] { 1, 2, 3, 4, 5, 8 })
                foreach (ClientOrder order in Enum.GetValues<ClientOrder>())
                {
                    double[][] shares = Shares(name, clients, categories, order);
                    Assert.Equal(clients, shares.Length);
                    Assert.All(shares, row => Assert.Equal(categories, row.Length));
                    Assert.All(shares, row => Assert.Equal(1, row.Sum(), 1e-12));
                    Assert.All(shares, row => Assert.All(row, s => Assert.InRange(s, 0, 1)));
                }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(5.0)]
    public void Dirichlet_ManyClients_HasItsMeanAndVariance(double beta)
    {
        const int K = 4;
        double[] first = [.. CategoryShares.Of(Distribution.Dirichlet(beta), 20_000, K, ClientOrder.Neighbours, seed: 1).Select(row => row[0])];
        double variance = 1.0 / K * (1 - 1.0 / K) / (K * beta + 1), mean = first.Average();
        Assert.Equal(1.0 / K, mean, 0.01);
        Assert.InRange(first.Average(s => (s - mean) * (s - mean)) / variance, 0.95, 1.05);
    }

    [Theory]
    [InlineData("dirichlet:")]
    [InlineData("dirichlet:0")]
    [InlineData("dirichlet:-1")]
    [InlineData("dirichlet:0,5")]
    [InlineData("dirichlet:NaN")]
    [InlineData("dirichlet:1e999")]
    [InlineData("Specific")]
    [InlineData("")]
    public void Parse_WrongName_IsAUserError(string text) => Assert.Throws<UserException>(() => Distribution.Parse(text));

    [Fact]
    public void Parse_Dirichlet_KeepsBeta()
    {
        Assert.Equal(0.5, Distribution.Parse("dirichlet:0.50").Beta);
        Assert.Equal("dirichlet:0.5", Distribution.Parse("dirichlet:0.50").Name);
    }

    private static double[][] Shares(string name, int clients, int categories, ClientOrder order) =>
        CategoryShares.Of(Distribution.Parse(name), clients, categories, order, seed: 1);

    private static int[] MainOf(double[][] shares) => [.. shares.Select(row => Array.IndexOf(row, 1))];

    private static void AssertQuarters(int[][] quarters, double[][] shares) =>
        Assert.Equal(quarters.Select(row => row.Select(q => q / 4.0)), shares);
}
