namespace LoraCollab.Report.Tests;

public class BridgeStatisticsTests
{
    /// <summary>Three schemes, two seeds; in seed 1 the last two change places at the second step, in seed 2 nothing does.</summary>
    private static readonly BridgeStatistics s_bridge = BridgeStatistics.Of(
    [
        Step("paper", MadeUp.Run(1, ("local", [1]), ("fedavg", [2]), ("weights", [3])), MadeUp.Run(2, ("local", [1]), ("fedavg", [2]), ("weights", [3]))),
        Step("corrected", MadeUp.Run(1, ("local", [1]), ("fedavg", [4]), ("weights", [2])), MadeUp.Run(2, ("local", [1]), ("fedavg", [2.5]), ("weights", [3]))),
    ]).Single();

    private static ExperimentSet Step(string name, params RunSummary[] runs) => new("news", "mixed", name, BridgeStatistics.Over, name, [1, 2], runs);

    [Fact]
    public void Bridge_Effects_AreThoseByHand()
    {
        var last = s_bridge.Steps[1].Schemes;
        Assert.Null(s_bridge.Steps[0].Schemes[0].Loss);
        Assert.Equal([1, 2, 3], s_bridge.Steps[0].Schemes.Select(e => e.Rank));
        Assert.Equal([1, 2.5, 2.5], last.Select(e => e.Rank));
        Assert.Equal([2, 0.5], last[1].Loss!.BySeed);
        Assert.Equal([4, 2.5], last[1].LossBySeed);
        Assert.Equal([3, 2], last[1].RankBySeed);
        Assert.Equal([1, 0], last[1].RankChange!.BySeed);
        Assert.Equal([-1, 0], last[2].RankChange!.BySeed);
    }

    /// <summary>Seed 1: of three pairs one changes: (2 − 1) / 3. Mean losses: local 1, weights 2.5, fedavg 3.25.</summary>
    [Fact]
    public void Bridge_Answer_CountsThePairsThatKeepTheirOrder()
    {
        Assert.Equal([1.0 / 3, 1], s_bridge.Agreement(1));
        Assert.Equal((2, 3), s_bridge.Pairs(1));
        Assert.Equal(["local", "weights", "fedavg"], BridgeStatistics.Ranking(s_bridge.Steps[1]));
        string answer = string.Join("\n", BridgeTable.Answer(s_bridge));
        Assert.Contains("does not survive: 2 of 3 pairs", answer, StringComparison.Ordinal);
        Assert.Contains("the best scheme is the same", answer, StringComparison.Ordinal);
        Assert.Contains("Fewer than 5 seeds", answer, StringComparison.Ordinal);
    }

    /// <summary>Traps and settings have an answer each: here the trap changes nothing, and the setting what Bridge_Answer counts.</summary>
    [Fact]
    public void Bridge_TrapsThenSettings_AreAnsweredApart()
    {
        var steps = s_bridge.Steps;
        var bridge = BridgeStatistics.Of(
        [
            steps[0].Set, Step("1: LoraInit", [.. steps[0].Set.Runs]), Step(BridgeStatistics.FirstSetting, [.. steps[1].Set.Runs]),
        ]).Single();
        Assert.Equal(1, bridge.LastTrap);
        string[] answer = [.. BridgeTable.Answer(bridge)];
        Assert.StartsWith("After all traps: local < fedavg < weights. The ranking survives: 3 of 3 pairs", answer[1], StringComparison.Ordinal);
        Assert.StartsWith("After all traps and settings: local < weights < fedavg. The ranking does not survive: 2 of 3 pairs", answer[2],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Bridge_EqualLosses_ShareTheMiddleOfTheirPlaces()
    {
        var tied = BridgeStatistics.Of([Step("paper", MadeUp.Run(1, ("local", [1]), ("fedavg", [1]), ("weights", [0])),
            MadeUp.Run(2, ("local", [1]), ("fedavg", [1]), ("weights", [1])))]).Single();
        Assert.Equal([2.25, 2.25, 1.5], tied.Steps[0].Schemes.Select(e => e.Rank));
    }
}
