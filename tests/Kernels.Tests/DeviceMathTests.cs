namespace LoraCollab.Kernels.Tests;

/// <summary>The kernels' own functions, called on the host: they are ordinary methods.</summary>
public sealed class DeviceMathTests
{
    private const int Points = 200_001;

    [Fact]
    public void Exp_FromUnderflowToOverflow_IsWithinFourUlps()
    {
        Assert.True(WorstRelative(-87.3, 88.7, x => DeviceMath.Exp((float)x), x => Math.Exp((float)x)) < 4e-7);
        Assert.Equal(0f, DeviceMath.Exp(-88));
        Assert.Equal(0f, DeviceMath.Exp(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, DeviceMath.Exp(89));
        Assert.Equal(float.PositiveInfinity, DeviceMath.Exp(float.PositiveInfinity));
        Assert.Equal(1f, DeviceMath.Exp(0));
        Assert.Equal(float.NaN, DeviceMath.Exp(float.NaN));
    }

    [Fact]
    public void Log_OfNormalNumbers_IsWithinFourUlps()
    {
        Assert.True(WorstRelative(1.001, 2, x => DeviceMath.Log((float)x), x => Math.Log((float)x)) < 4e-7);
        Assert.True(WorstRelative(2, 1e6, x => DeviceMath.Log((float)x), x => Math.Log((float)x)) < 4e-7);
        Assert.True(WorstRelative(1e-30, 0.5, x => DeviceMath.Log((float)x), x => Math.Log((float)x)) < 4e-7);
        Assert.Equal(0f, DeviceMath.Log(1));
        Assert.Equal(float.PositiveInfinity, DeviceMath.Log(float.PositiveInfinity));
        Assert.Equal(float.NaN, DeviceMath.Log(float.NaN));
    }

    [Fact]
    public void Tanh_Everywhere_IsWithinFourUlps()
    {
        Assert.True(WorstRelative(-12, 12, x => DeviceMath.Tanh((float)x), x => Math.Tanh((float)x)) < 4e-7);
        Assert.True(WorstRelative(1e-6, 1e-2, x => DeviceMath.Tanh((float)x), x => Math.Tanh((float)x)) < 4e-7);
        Assert.Equal(1f, DeviceMath.Tanh(float.PositiveInfinity));
        Assert.Equal(-1f, DeviceMath.Tanh(float.NegativeInfinity));
        Assert.Equal(float.NaN, DeviceMath.Tanh(float.NaN));
    }

    /// <summary>Published values (Abramowitz and Stegun, table 7.1; DLMF 7.2), to ten digits.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.1, 0.8875370840)]
    [InlineData(0.5, 0.4795001222)]
    [InlineData(1, 0.1572992071)]
    [InlineData(1.5, 0.0338948535)]
    [InlineData(2, 0.0046777350)]
    [InlineData(3, 0.0000220905)]
    public void Erfc_AtTabulatedPoints_IsWithinThreeParts10Million(double x, double expected) => Assert.Equal(expected, DeviceMath.Erfc((float)x), 3e-7);

    [Theory]
    [InlineData(0)]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    public void Mask_OfElements_AgreesWithItsDefinition(float probability)
    {
        var mask = new DropoutMask(probability, 0x1234_5678_9ABC_DEF0, Step: 7, Client: 2, Site: 0x0005_0003);
        var device = new DeviceMask(mask);
        for (long e = 0; e < 1000; e++)
        {
            float expected = mask.IsNone ? 1 : mask.Keeps(e) ? mask.Scale : 0;
            Assert.Equal(expected, device.Factor(e));
            Assert.Equal(expected, device.Factors((uint)(e / 4))[(int)(e % 4)]);
        }
    }

    private static double WorstRelative(double from, double to, Func<double, float> actual, Func<double, double> expected)
    {
        double worst = 0;
        for (int i = 0; i < Points; i++)
        {
            double x = from + (to - from) * i / (Points - 1), e = expected(x);
            if (e != 0) worst = Math.Max(worst, Math.Abs(actual(x) / e - 1));
        }
        return worst;
    }
}
