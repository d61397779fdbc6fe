namespace LoraCollab.Kernels.Tests;

public sealed class DropoutMaskTests
{
    private const int N = 200_000;
    private static readonly DropoutMask Mask = new(0.3f, Seed: 7, Step: 1, Client: 2, Site: 3);

    [Theory, InlineData(0.01f), InlineData(0.1f), InlineData(0.5f), InlineData(0.9f)]
    public void Keeps_OverManyElements_KeepsTheWantedShare(float p)
    {
        double kept = Enumerable.Range(0, N).Count(e => (Mask with { Probability = p }).Keeps(e));
        double deviation = Math.Sqrt(p * (1 - p) / N);
        Assert.Equal(1 - p, kept / N, 4.5 * deviation);
    }

    public static TheoryData<string, DropoutMask> Others => new()
    {
        { "seed, low half", Mask with { Seed = 8 } },
        { "seed, high half", Mask with { Seed = 7 + (1UL << 32) } },
        { "step", Mask with { Step = 2 } },
        { "client", Mask with { Client = 3 } },
        { "layer", Mask with { Site = 4 } },
        { "purpose", Mask with { Site = 3 + (1 << 16) } },
    };

    /// <summary>Independent masks of p = 0.3 agree on 0.3² + 0.7² = 58 % of the elements.</summary>
    [Theory, MemberData(nameof(Others))]
    public void Keeps_ForAnotherCounter_IsIndependent(string what, DropoutMask other)
    {
        double agree = Enumerable.Range(0, N).Count(e => Mask.Keeps(e) == other.Keeps(e));
        Assert.True(Math.Abs(agree / N - 0.58) < 4.5 * Math.Sqrt(0.58 * 0.42 / N), $"another {what}: the masks agree on {agree / N:P2}");
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(64), InlineData(768)]
    public void Keeps_AtADistance_IsIndependent(int distance)
    {
        double agree = Enumerable.Range(0, N).Count(e => Mask.Keeps(e) == Mask.Keeps(e + distance));
        Assert.Equal(0.58, agree / N, 4.5 * Math.Sqrt(0.58 * 0.42 / N));
    }

    [Fact]
    public void Keeps_OfFourNeighbours_ReadsTheFourWordsOfOneBlock()
    {
        var (x0, x1, x2, x3) = Philox.Words(5, Mask.Step, Mask.Client, Mask.Site, Mask.Key0, Mask.Key1);
        uint[] words = [x0, x1, x2, x3];
        for (int i = 0; i < 4; i++) Assert.Equal(words[i] >= Mask.Threshold, Mask.Keeps(20 + i));
    }

    [Fact]
    public void None_ByDefault_DropsNothing()
    {
        Assert.True(DropoutMask.None.IsNone);
        Assert.Equal(0u, DropoutMask.None.Threshold);
        Assert.Equal(1f, DropoutMask.None.Scale);
        Assert.Equal(2f, (Mask with { Probability = 0.5f }).Scale);
        Assert.Equal(1u << 31, (Mask with { Probability = 0.5f }).Threshold);
    }
}
