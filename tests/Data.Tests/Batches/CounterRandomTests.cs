namespace LoraCollab.Data.Tests;

public class CounterRandomTests
{
    [Fact]
    public void Bits_FixedSeed_NeverChange()
    {
        var random = new CounterRandom(1, RandomPurpose.DocumentOrder, 3);
        Assert.Equal(KnownBits, new[] { random.Bits(0), random.Bits(1), random.At(5).Bits(0) });
    }

    private static readonly ulong[] KnownBits = [3958082990144263609, 7593612243998223047, 9768207822423393121];

    [Fact]
    public void Bits_NeighbouringCounters_DifferInHalfTheirBits()
    {
        var random = new CounterRandom(0, RandomPurpose.TrainingWindows);
        double flipped = Enumerable.Range(0, 4000).Average(i => System.Numerics.BitOperations.PopCount(random.Bits(i) ^ random.Bits(i + 1)));
        Assert.InRange(flipped, 31.7, 32.3); // mean 32, standard error 0.06
    }

    [Fact]
    public void Unit_ManyDraws_AreUniform()
    {
        var random = new CounterRandom(9, RandomPurpose.DirichletShares);
        double[] draws = [.. Enumerable.Range(0, 20_000).Select(i => random.Unit(i))];
        Assert.All(draws, d => Assert.InRange(d, 0, 1 - 1e-16));
        Assert.InRange(draws.Average(), 0.49, 0.51);
        Assert.InRange(draws.Average(d => d * d), 0.323, 0.343);
    }

    [Fact]
    public void Shuffle_Items_KeepsThemAllAndMovesThem()
    {
        int[] items = [.. Enumerable.Range(0, 100)];
        new CounterRandom(4, RandomPurpose.DocumentOrder).Shuffle<int>(items);
        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }
}
