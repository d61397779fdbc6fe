using System.Runtime.CompilerServices;
using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// exp, log, tanh and erfc in float32, from + − × ÷ alone, so that every device computes the same formula: the devices' own fast versions are good to
/// three digits only (tanh) or differ between makers. Errors are below 4·10⁻⁷ relative (<see cref="Erfc"/>: absolute). NaN stays NaN.
/// </summary>
internal static class DeviceMath
{
    private const float Log2E = 1.44269504f;

    /// <summary>ln 2 in two parts; the first has few enough bits that n·Ln2High is exact.</summary>
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    /// <summary>eˣ = 2ⁿ·eʳ with |r| ≤ ½·ln 2 and eʳ by its Taylor polynomial of degree 7. Below −87.3 it is 0, above 88.7 infinite.</summary>
    public static float Exp(float x)
    {
        float c = x < -87.3f ? -87.3f : x > 88.8f ? 88.8f : x;
        int n = (int)(c * Log2E + (c < 0 ? -0.5f : 0.5f));
        float r = c - n * Ln2High - n * Ln2Low;
        float p = 1f + r * (1f + r * (1f / 2 + r * (1f / 6 + r * (1f / 24 + r * (1f / 120 + r * (1f / 720 + r * (1f / 5040)))))));
        int half = n / 2;
        float e = p * PowerOfTwo(half) * PowerOfTwo(n - half);
        return x < -87.3f ? 0f : e;
    }

    /// <summary>
    /// ln x for normal x &gt; 0; infinity and NaN are returned as they are. x = m·2ᵉ with m in [√½, √2); ln m = 2·artanh s, s = (m − 1)/(m + 1), by
    /// its series.
    /// </summary>
    public static float Log(float x)
    {
        uint bits = Interop.FloatAsInt(x);
        int e = (int)(bits >> 23) - 127;
        float m = Interop.IntAsFloat((bits & 0x007FFFFFu) | 0x3F800000u);
        if (m > 1.41421354f)
        {
            m *= 0.5f;
            e++;
        }
        float s = (m - 1f) / (m + 1f), z = s * s;
        float log = 2f * s * (1f + z * (1f / 3 + z * (1f / 5 + z * (1f / 7 + z * (1f / 9)))));
        return x <= float.MaxValue ? e * Ln2High + (e * Ln2Low + log) : x;
    }

    /// <summary>Below 0.6 a quotient of polynomials (the fourth step of Lambert's continued fraction), above 1 − 2/(e²ˣ + 1).</summary>
    public static float Tanh(float x)
    {
        float a = x < 0 ? -x : x, z = x * x;
        if (a < 0.6f) return x * (945f + z * (105f + z)) / (945f + z * (420f + z * 15f));
        float t = 1f - 2f / (Exp(2f * a) + 1f);
        return x < 0 ? -t : t;
    }

    /// <summary>erfc x for x ≥ 0 as t·exp(−x² + P(t)), t = 1/(1 + x/2), P interpolating at ten Chebyshev points of x in [0, 9.5].</summary>
    public static float Erfc(float x)
    {
        float t = 1f / (1f + 0.5f * x);
        float p = 0.143224671f;
        p = p * t - 0.67131108f;
        p = p * t + 1.13369787f;
        p = p * t - 0.664571285f;
        p = p * t - 0.107486591f;
        p = p * t + 0.0163509995f;
        p = p * t + 0.0292226821f;
        p = p * t + 0.387826413f;
        p = p * t + 0.998486757f;
        p = p * t - 1.26544034f;
        return t * Exp(p - x * x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float PowerOfTwo(int n) => Interop.IntAsFloat((uint)(n + 127) << 23);
}
