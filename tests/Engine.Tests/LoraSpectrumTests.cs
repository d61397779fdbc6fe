namespace LoraCollab.Engine.Tests;

public sealed class LoraSpectrumTests
{
    private static readonly LoraOptions Lora = new() { Rank = 2, Alpha = 4, Targets = LoraTargets.AttnCProj };

    [Fact]
    public void Spectrum_OfDiagonalFactors_IsTheDiagonal()
    {
        var config = SmallModel.Tiny with { Layers = 1 };
        float[] flat = new float[LoraLayout.Of(config, Lora).Length];
        var layout = LoraLayout.Of(config, Lora);
        // A [2, 8] = diag(3, 4), B [8, 2] = diag(1, 2), s = 4/2: ΔW = diag(6, 16).
        var a = layout.Of(flat, LoraLayout.NameOfA(0, Projection.AttnCProj));
        var b = layout.Of(flat, LoraLayout.NameOfB(0, Projection.AttnCProj));
        (a[0], a[8 + 1], b[0], b[2 + 1]) = (3, 4, 1, 2);
        var found = Assert.Single(LoraSpectrum.Of(config, Lora, flat));
        Assert.Equal("h.0.attn.c_proj", found.Projection);
        Assert.Equal(16, found.Singular[0], 1e-12);
        Assert.Equal(6, found.Singular[1], 1e-12);
        double p = 256.0 / (256 + 36);
        Assert.Equal(Math.Exp(-p * Math.Log(p) - (1 - p) * Math.Log(1 - p)), found.EffectiveRank, 1e-12);
    }

    [Fact]
    public void Spectrum_OfAnyFactors_HasTheMomentsOfTheirProduct()
    {
        var config = SmallModel.Tiny with { Layers = 1 };
        var lora = Lora with { Rank = 3, Targets = LoraTargets.MlpCFc };
        float[] flat = SmallModel.AdapterValues(config, lora);
        var layout = LoraLayout.Of(config, lora);
        float[] a = layout.Of(flat, LoraLayout.NameOfA(0, Projection.MlpCFc)).ToArray();
        float[] b = layout.Of(flat, LoraLayout.NameOfB(0, Projection.MlpCFc)).ToArray();
        const int ic = 8, oc = 32, r = 3;
        var w = new double[oc, ic];
        for (int o = 0; o < oc; o++)
            for (int i = 0; i < ic; i++)
                for (int k = 0; k < r; k++) w[o, i] += lora.Scale * b[o * r + k] * a[k * ic + i];
        double second = 0, fourth = 0;
        for (int i = 0; i < ic; i++)
            for (int j = 0; j < ic; j++)
            {
                double inner = 0;
                for (int o = 0; o < oc; o++) inner += w[o, i] * w[o, j];
                if (i == j) second += inner;
                fourth += inner * inner;
            }
        var found = Assert.Single(LoraSpectrum.Of(config, lora, flat));
        Assert.Equal(second, found.Singular.Sum(s => s * s), 1e-9 * second);
        Assert.Equal(fourth, found.Singular.Sum(s => Math.Pow(s, 4)), 1e-9 * fourth);
        Assert.Equal(Math.Sqrt(second), found.Norm, 1e-9);
        Assert.Equal(found.Singular.OrderDescending(), found.Singular);
    }

    /// <summary>ΔW [8, 8] has far fewer singular values than the rank allows.</summary>
    [Fact]
    public void Spectrum_OfALargeRank_HasTheNormOfTheProductAndZeros()
    {
        const int r = 200;
        var config = SmallModel.Tiny with { Layers = 1 };
        var lora = Lora with { Rank = r };
        float[] flat = SmallModel.AdapterValues(config, lora);
        var layout = LoraLayout.Of(config, lora);
        float[] a = layout.Of(flat, LoraLayout.NameOfA(0, Projection.AttnCProj)).ToArray();
        float[] b = layout.Of(flat, LoraLayout.NameOfB(0, Projection.AttnCProj)).ToArray();
        double second = 0;
        for (int o = 0; o < 8; o++)
            for (int i = 0; i < 8; i++) second += Math.Pow(Enumerable.Range(0, r).Sum(k => lora.Scale * b[o * r + k] * a[k * 8 + i]), 2);
        var found = Assert.Single(LoraSpectrum.Of(config, lora, flat));
        Assert.Equal(Math.Sqrt(second), found.Norm, 1e-6 * Math.Sqrt(second));
        Assert.All(found.Singular.Skip(8), s => Assert.InRange(s, 0, 1e-6 * found.Singular[0]));
    }

    [Fact]
    public void Spectrum_OfANewAdapter_IsZero()
    {
        var config = SmallModel.Tiny with { Layers = 1 };
        var found = Assert.Single(LoraSpectrum.Of(config, Lora, LoraAdapter.InitialValues(config, Lora, LoraInitialisation.Inputs, 1, 0)));
        Assert.All(found.Singular, s => Assert.Equal(0, s));
        Assert.Equal(0, found.EffectiveRank);
    }

    [Fact]
    public void Eigen_OfASymmetricMatrix_RebuildsIt()
    {
        double[,] s = { { 4, 1, -2 }, { 1, 2, 0.5 }, { -2, 0.5, 3 } };
        var (values, v) = SymmetricEigen.Of(s);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                Assert.Equal(s[i, j], Enumerable.Range(0, 3).Sum(k => v[i, k] * values[k] * v[j, k]), 1e-12);
    }
}
