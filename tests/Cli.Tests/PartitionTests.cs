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
        var deal = Partition.Of(new PartitionOptions(), new OptionValues(), seed: 1, window: 64, trained: trained);
        Assert.Equal((report, trust, 4096, true), (deal.ReportTokens, deal.TrustTokens, deal.TrainTokens, deal.Shrink));
    }

    [Fact]
    public void Sizes_Given_AreKeptAndNeverShrink()
    {
        var given = new OptionValues().Set("report-tokens", "3000").Set("trust-tokens", "100");
        var deal = Partition.Of(OptionTable.Read(new PartitionOptions(), given), given, seed: 1, window: 64, trained: 128);
        Assert.Equal((3000, 100, false), (deal.ReportTokens, deal.TrustTokens, deal.Shrink));
    }
}
