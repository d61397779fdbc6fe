namespace LoraCollab.Federation.Tests;

public class TopologyTests
{
    [Theory]
    [InlineData("full", 5, "11111 11111 11111 11111 11111")]
    [InlineData("ring", 5, "11001 11100 01110 00111 10011")]
    [InlineData("star", 4, "1111 1100 1010 1001")]
    [InlineData("regular:3", 6, "110101 111010 011101 101110 010111 101011")]
    [InlineData("regular:4", 5, "11111 11111 11111 11111 11111")]
    [InlineData("ring", 2, "11 11")]
    [InlineData("ring", 1, "1")]
    public void Parse_Name_GivesTheMaskByHand(string name, int clients, string mask)
    {
        var topology = Topology.Parse(name, clients);
        string[] rows = mask.Split(' ');
        for (int i = 0; i < clients; i++)
            for (int j = 0; j < clients; j++) Assert.Equal(rows[i][j] == '1', topology.Links(i, j));
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(8, 5)]
    [InlineData(9, 4)]
    public void Regular_Degree_IsEveryClients(int clients, int degree)
    {
        var topology = Topology.Regular(clients, degree);
        Assert.All(Enumerable.Range(0, clients), i => Assert.Equal(degree, topology.Degree(i)));
    }

    [Theory]
    [InlineData("mesh", 4, "full, ring, star")]
    [InlineData("regular:x", 4, "regular:K")]
    [InlineData("regular:4", 4, "at most 3")]
    [InlineData("regular:3", 7, "odd")]
    public void Parse_NoSuchGraph_SaysWhatIsPossible(string name, int clients, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<UserException>(() => Topology.Parse(name, clients)).Message);
}
