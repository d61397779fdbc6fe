namespace LoraCollab.Engine.Tests;

public class RandomNumberTests
{
    [Fact]
    public void Log_OverManyMagnitudes_IsTheLogarithm()
    {
        for (double x = 1e-12; x < 1e12; x *= 1.37) Assert.Equal(Math.Log(x), CounterNormals.Log(x), 1e-14 * Math.Max(1, Math.Abs(Math.Log(x))));
    }

    [Fact]
    public void Pair_ManyDraws_AreStandardNormalAndUncorrelated()
    {
        const int n = 50_000;
        double sum = 0, square = 0, fourth = 0, product = 0;
        for (int i = 0; i < n; i++)
        {
            var (a, b) = CounterNormals.Pair(1, 2, i);
            sum += a + b;
            square += a * a + b * b;
            fourth += a * a * a * a + b * b * b * b;
            product += a * b;
        }
        Assert.Equal(0, sum / (2 * n), 0.015);
        Assert.Equal(1, square / (2 * n), 0.02);
        Assert.Equal(3, fourth / (2 * n), 0.15);
        Assert.Equal(0, product / n, 0.02);
    }

    [Fact]
    public void RandomWeights_OfAModel_HaveGpt2sSpreads()
    {
        var config = new GptConfig(8, 4, 64, 100, 32);
        var weights = new RandomWeights(config, 3);
        double Spread(string name)
        {
            var values = new float[config.Layout()[name].Length];
            weights.Read(name, values);
            return Math.Sqrt(values.Average(x => (double)x * x));
        }
        Assert.Equal(0.02, Spread("wte.weight"), 1e-3);
        Assert.Equal(0.02, Spread("h.3.attn.c_attn.weight"), 1e-3);
        Assert.Equal(0.02 / 4, Spread("h.3.attn.c_proj.weight"), 3e-4);
        Assert.Equal(0.02 / 4, Spread("h.7.mlp.c_proj.weight"), 3e-4);
        Assert.Equal(0, Spread("h.3.mlp.c_fc.bias"));
        Assert.Equal(1, Spread("ln_f.weight"));
    }

    [Theory]
    [InlineData(LoraInitialisation.Inputs, 0.125)] // 1/√64
    [InlineData(LoraInitialisation.Rank, 0.5)] // 1/√4
    public void AdapterInitialisation_OfA_FillsItsBoundAndLeavesBZero(LoraInitialisation form, double bound)
    {
        var config = new GptConfig(2, 4, 64, 100, 32);
        float[] values = LoraAdapter.InitialValues(config, new LoraOptions(), form, 7, 1);
        int a = values.Length - LoraLayout.Of(config, new LoraOptions()).Entries.Where(e => LoraLayout.IsB(e.Name)).Sum(e => (int)e.Length);
        Assert.All(values[a..], value => Assert.Equal(0, value));
        Assert.InRange(values[..a].Max(), 0.97 * bound, bound);
        Assert.InRange(values[..a].Min(), -bound, -0.97 * bound);
        Assert.Equal(0, values[..a].Average(), 0.05 * bound);
        Assert.Equal(values, LoraAdapter.InitialValues(config, new LoraOptions(), form, 7, 1));
        Assert.NotEqual(values, LoraAdapter.InitialValues(config, new LoraOptions(), form, 7, 2));
        Assert.NotEqual(values, LoraAdapter.InitialValues(config, new LoraOptions(), form, 8, 1));
    }
}
