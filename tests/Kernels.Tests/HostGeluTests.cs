namespace LoraCollab.Kernels.Tests;

/// <summary>The host's rational functions for both forms of GELU and their slopes against the formula in double, over all exponents and signs.</summary>
public sealed class HostGeluTests
{
    /// <summary>From here on a gate is 0 or 1 and nothing in between.</summary>
    private const float Bound = 6.0625f;

    private static double[] Run(ComputeBackend k, GeluForm form, bool slope, float[] x)
    {
        View input = k.Allocate("x", x.Length), ones = k.Allocate("dy", x.Length), output = k.Allocate("y", x.Length);
        k.Write(input, x);
        k.Fill(ones, 1);
        if (slope) k.GeluBackward(output, ones, input, x.Length, form);
        else k.Gelu(output, input, x.Length, form);
        var y = new double[x.Length];
        k.Download(y, output);
        return y;
    }

    /// <summary>Every finite float32 whose bits are a multiple of a prime, and the neighbourhood of the bounds.</summary>
    private static float[] Sweep() =>
    [
        .. Enumerable.Range(0, (int)(uint.MaxValue / 40_009)).Select(i => BitConverter.UInt32BitsToSingle((uint)i * 40_009)).Where(float.IsFinite),
        .. Enumerable.Range(0, 40_000).Select(i => 4 + i / 16_000f),
        .. Enumerable.Range(0, 40_000).Select(i => -4 - i / 16_000f),
    ];

    [Theory]
    [InlineData(GeluForm.Tanh, false), InlineData(GeluForm.Tanh, true), InlineData(GeluForm.Erf, false), InlineData(GeluForm.Erf, true)]
    public void Gate_OverAllExponents_IsWithinItsBound(GeluForm form, bool slope)
    {
        using var host = new HostBackend(1);
        using var reference = new ReferenceBackend();
        var x = Sweep();
        double[] expected = Run(reference, form, slope, x), actual = Run(host, form, slope, x);
        for (int i = 0; i < x.Length; i++)
        {
            // gelu(x) is x times a gate, its slope is a gate itself
            double scale = slope ? 1 : Math.Abs(x[i]), error = Math.Abs(actual[i] - expected[i]);
            Assert.True(error <= 2.6e-7 * scale + float.Epsilon, $"{form} at {x[i]:R}: {actual[i]:R} instead of {expected[i]:R}");
            if (Math.Abs(x[i]) >= Bound) Assert.Equal(x[i] < 0 ? 0 : slope ? 1 : x[i], actual[i]);
        }
    }

    [Theory, InlineData(GeluForm.Tanh), InlineData(GeluForm.Erf)]
    public void Gelu_OfNaNAndInfinity_IsNaNAndInfinity(GeluForm form)
    {
        using var host = new HostBackend(1);
        float[] x = [float.NaN, float.PositiveInfinity];
        Assert.Equal([double.NaN, double.PositiveInfinity], Run(host, form, slope: false, x));
        Assert.Equal([double.NaN, 1], Run(host, form, slope: true, x));
    }
}
