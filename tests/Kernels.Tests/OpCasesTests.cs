using System.Reflection;

namespace LoraCollab.Kernels.Tests;

public sealed class OpCasesTests
{
    /// <summary>The ops: public methods with an abstract <c>…Core</c> behind them.</summary>
    private static IEnumerable<string> Ops => typeof(ComputeBackend).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
        .Where(method => method.IsAbstract && method.Name.EndsWith("Core", StringComparison.Ordinal)).Select(method => method.Name[..^"Core".Length]);

    [Fact]
    public void EveryOp_OfTheSeam_HasTinySpanningAndLargeCases()
    {
        Assert.True(Ops.Count() >= 20, "the contract has about twenty ops");
        foreach (var size in Enum.GetValues<CaseSize>())
        {
            var covered = OpCases.All.Concat(OpCases.Large).Where(c => c.Size == size).SelectMany(c => c.Ops).ToHashSet();
            Assert.Empty(Ops.Where(op => !covered.Contains(op)).Select(op => $"{op} has no {size} case"));
        }
    }

    [Fact]
    public void Cases_All_HaveNamesOfTheirOwn() =>
        Assert.Empty(OpCases.All.Concat(OpCases.Large).GroupBy(c => c.Name).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void Values_OfTwoCalls_AreTheSameAndOfMeanZeroAndDeviationOne()
    {
        var values = CaseValues.Normal("stream", 100_000);
        Assert.Equal(values, CaseValues.Normal("stream", 100_000));
        Assert.NotEqual(values, CaseValues.Normal("another stream", 100_000));
        Assert.Equal(0, values.Average(), 0.02);
        Assert.Equal(1, values.Average(v => (double)v * v), 0.02);
    }
}
