using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Tests;

/// <summary>The host's own exp and log against the library's in double, over their whole range.</summary>
public sealed class VectorMathTests
{
    private static float Exp(float x) => VectorMath.Exp(Vector512.Create(x))[0];

    /// <summary>Every finite float32 whose bits are a multiple of a prime: both signs, all exponents, denormals.</summary>
    private static IEnumerable<float> Sweep(uint step)
    {
        for (ulong bits = 0; bits <= uint.MaxValue; bits += step)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            if (float.IsFinite(x)) yield return x;
        }
    }

    /// <summary>Distance in units of the last place of the exact value, denormal places included.</summary>
    private static double Ulps(double exact, float found)
    {
        if (exact > float.MaxValue) return float.IsPositiveInfinity(found) || found == float.MaxValue ? 0 : double.PositiveInfinity;
        int exponent = exact == 0 ? -126 : Math.Max(-126, Math.ILogB(exact));
        return Math.Abs(found - exact) / Math.ScaleB(1, exponent - 23);
    }

    private static (float At, double Error) Worst(IEnumerable<float> values, Func<double, double> exact, Func<float, float> found)
    {
        (float, double) worst = (0, 0);
        foreach (float x in values)
        {
            double error = Ulps(exact(x), found(x));
            if (!(error <= worst.Item2)) worst = (x, error);
        }
        return worst;
    }

    [Fact]
    public void Exp_OverAllExponents_IsWithinOneUlp()
    {
        var (at, error) = Worst(Sweep(40_009).Where(x => x < 88.72), Math.Exp, Exp);
        Assert.True(error <= 1, $"exp({at:R}) is {error:F3} ulp off");
    }

    [Fact]
    public void Log_OverAllExponents_IsWithinHalfAnUlp()
    {
        var (at, error) = Worst(Sweep(40_009).Where(x => x > 0), Math.Log, VectorMath.Log);
        Assert.True(error <= 0.5001, $"log({at:R}) is {error:F4} ulp off");
    }

    [Theory]
    [InlineData(0f, 1f), InlineData(float.NegativeInfinity, 0f), InlineData(float.PositiveInfinity, float.PositiveInfinity), InlineData(float.NaN, float.NaN)]
    [InlineData(float.MinValue, 0f), InlineData(float.MaxValue, float.PositiveInfinity), InlineData(-200f, 0f), InlineData(float.Epsilon, 1f)]
    public void Exp_AtExtremes_IsExact(float x, float expected) => Assert.Equal(expected, Exp(x));

    [Theory]
    [InlineData(0f, float.NegativeInfinity), InlineData(1f, 0f), InlineData(-1f, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity), InlineData(float.NaN, float.NaN)]
    public void Log_AtExtremes_IsExact(float x, float expected) => Assert.Equal(expected, VectorMath.Log(x));

    [Fact]
    public void Sum_OfLanes_FollowsTheFixedTree()
    {
        // 2²⁴ and ones: every other order of additions rounds differently.
        var v = Vector512.Create(16777216f, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        float[] level = new float[16];
        for (int i = 0; i < 16; i++) level[i] = v[i];
        for (int half = 8; half >= 1; half /= 2)
            for (int i = 0; i < half; i++)
                level[i] += level[i + half];
        Assert.Equal(level[0], VectorMath.Sum(v));
    }

    [Fact]
    public void ExpFlushed_WhereTheResultIsNormal_HasTheBitsOfExp()
    {
        foreach (float x in Sweep(40_009).Append(float.NegativeInfinity).Where(x => x <= 88))
            Assert.Equal(x < -87.33f ? 0 : Exp(x), VectorMath.ExpFlushed(Vector512.Create(x))[0]);
        Assert.Equal(float.NaN, VectorMath.ExpFlushed(Vector512.Create(float.NaN))[0]);
    }

    [Fact]
    public unsafe void Reductions_OfSeveralRows_HaveTheBitsOfOneRow()
    {
        const int Rows = 12;
        float* lanes = stackalloc float[Rows * 16], sums = stackalloc float[Rows], maxima = stackalloc float[Rows];
        for (int i = 0; i < Rows * 16; i++) lanes[i] = MathF.Sin(i) * (1 << i % 20);
        Reductions.Sums(sums, lanes, Rows - 1);
        Reductions.Maxima(maxima, lanes, Rows - 1);
        for (int r = 0; r < Rows - 1; r++)
        {
            var row = Vector512.Load(lanes + 16 * r);
            Assert.Equal((VectorMath.Sum(row), VectorMath.Max(row)), (sums[r], maxima[r]));
        }
    }
}
