using Xunit;

namespace LoraCollab.Cli.Tests;

public sealed class PartitionTests
{
    [Theory]
    [InlineData(120 * 4 * 64, 4096, 2048)]
    [InlineData(2 * 64, 512, 256)]
    [InlineData(4 * 64, 1024, 512)]
    public void Sizes_NotGiven_FollowWhatAClientTrainsOn(long trained, int report, int trust)
    {
        var deal = Partition.Of(new PrepareCommand(), seed: 1, window: 64, trained);
        Assert.Equal((report, trust, 4096, true), (deal.ReportTokens, deal.TrustTokens, deal.TrainTokens, deal.Shrink));
    }

    [Fact]
    public void Sizes_Given_AreKeptAndNeverShrink()
    {
        var deal = Partition.Of(new PrepareCommand { ReportTokens = "3000", TrustTokens = "100" }, seed: 1, window: 64, trained: 128);
        Assert.Equal((3000, 100, false), (deal.ReportTokens, deal.TrustTokens, deal.Shrink));
    }
}
