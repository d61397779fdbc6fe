namespace LoraCollab.Federation.Tests;

public class AdapterMixingTests
{
    private static readonly TrustMatrix Trust = TrustMatrix.FromWeights([[0.5, 0.25, 0.25], [0, 1, 0], [0.125, 0.375, 0.5]]);

    [Fact]
    public void Mix_SmallAdapters_AreWeighedFromTheOldValues()
    {
        var mixed = AdapterMixer.Mix([[4, 8], [0, 4], [8, 0]], Trust);
        Assert.Equal([[4, 5], [0, 4], [4.5f, 2.5f]], mixed);
    }

    [Fact]
    public void Mix_ValuesThatCancelInFloat_AreSummedInDouble()
    {
        var third = TrustMatrix.FromWeights([[1 / 3.0, 1 / 3.0, 1 / 3.0], [1, 0, 0], [1, 0, 0]]);
        Assert.Equal(1 / 3f, AdapterMixer.Mix([[1e8f], [1], [-1e8f]], third)[0][0], 1e-8f);
    }

    [Fact]
    public void Residual_RandomAdapters_AgreesWithFormedMatrices()
    {
        var round = SyntheticRound.Draw(3, 31);
        var residual = AggregationResidual.Of(round.Shape, round.Adapters, Trust);
        for (int i = 0; i < 3; i++)
        {
            var (difference, exact) = Formed(round, i);
            Assert.Equal(difference, residual.Absolute[i], 1e-12);
            Assert.Equal(difference / exact, residual.Relative[i], 1e-12);
        }
        Assert.Equal(0, residual.Absolute[1]); // who listens to itself alone loses nothing
    }

    [Fact]
    public void Residual_EqualClients_IsExactlyZero()
    {
        float[] adapter = SyntheticRound.Draw(1, 32).Adapters[0];
        Assert.Equal([0, 0, 0], AggregationResidual.Of(SyntheticRound.SmallShape, [adapter, adapter, adapter], Trust).Absolute);
    }

    [Fact]
    public void Residual_SharedA_IsZeroUpToRounding()
    {
        var round = SyntheticRound.Draw(3, 33);
        var shape = round.Shape;
        foreach (var adapter in round.Adapters)
            foreach (var t in shape.Targets) round.Adapters[0].AsSpan(t.AOffset, t.Rank * t.IC).CopyTo(adapter.AsSpan(t.AOffset));
        Assert.All(AggregationResidual.Of(shape, round.Adapters, Trust).Relative, rho => Assert.InRange(rho, 0, 1e-14));
    }

    [Fact]
    public void Drift_AMovedByHalf_IsOneHalf()
    {
        float[] initial = SyntheticRound.Draw(1, 34).Adapters[0];
        var moved = (float[])initial.Clone();
        foreach (var t in SyntheticRound.SmallShape.Targets)
            for (int e = 0; e < t.Rank * t.IC; e++) moved[t.AOffset + e] *= 1.5f;
        Assert.Equal(0.5, SharedFactorDrift.Of(SyntheticRound.SmallShape, moved, initial), 1e-6);
    }

    [Fact]
    public void Shape_FromLayout_PairsFactorsByName()
    {
        var layout = new FlatLayout().Add("x.lora_A.weight", 4, 10).Add("y.lora_A.weight", 4, 6).Add("x.lora_B.weight", 20, 4).Add("y.lora_B.weight", 7, 4);
        var shape = AdapterShape.From(layout, 8);
        Assert.Equal([new AdapterTarget("x", 10, 20, 4, 0, 64), new AdapterTarget("y", 6, 7, 4, 40, 144)], shape.Targets);
        Assert.Equal(layout.Length, shape.Length);
        Assert.Throws<ArgumentException>(() => AdapterShape.From(new FlatLayout().Add("x.lora_A.weight", 4, 10), 8));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(29)]
    public void Dot_AnyLength_IsTheSumOfProducts(int length)
    {
        double[] x = [.. Enumerable.Range(1, length).Select(e => (double)e)], y = [.. x.Select(e => 2 - e)];
        Assert.Equal(x.Zip(y).Sum(p => p.First * p.Second), DotProduct.Of(x, y));
    }

    private static (double Difference, double Exact) Formed(SyntheticRound round, int i)
    {
        double difference = 0, exact = 0;
        foreach (var t in round.Shape.Targets)
            for (int o = 0; o < t.OC; o++)
                for (int c = 0; c < t.IC; c++)
                {
                    double product = 0, means = 0;
                    for (int k = 0; k < t.Rank; k++)
                    {
                        double b = 0, a = 0;
                        for (int j = 0; j < 3; j++)
                        {
                            var adapter = round.Adapters[j];
                            var (bj, aj) = ((double)adapter[t.BOffset + o * t.Rank + k], (double)adapter[t.AOffset + k * t.IC + c]);
                            product += Trust[i, j] * bj * aj;
                            b += Trust[i, j] * bj;
                            a += Trust[i, j] * aj;
                        }
                        means += b * a;
                    }
                    difference += Math.Pow(round.Shape.Scale * (product - means), 2);
                    exact += Math.Pow(round.Shape.Scale * product, 2);
                }
        return (Math.Sqrt(difference), Math.Sqrt(exact));
    }
}
